/** The handshake with somebody who is away: against a published bundle, either side of it. docs/specs/session.md §5 */
import { ByteWriter } from '../byte-writer.ts'
import { concatBytes, lengthPrefixed } from '../bytes.ts'
import { PrekeyUnavailableError, ReplayedFrameError } from '../errors.ts'
import { labels } from '../labels.ts'
import { SPKI_BYTES } from '../p256-encoding.ts'
import type { HandshakeContext } from '../session.ts'
import { type PublishedBundle, verifyBundle } from './bundle.ts'
import { encapsulate, KEM_CIPHERTEXT_BYTES } from './kem.ts'
import { initiatorState, peersOf, responderState, schedule, wipeKeys } from './key-schedule.ts'
import type { Established, Handshaker } from './online.ts'
import type { PrekeyStore } from './prekey-store.ts'
import {
  decodeExactly,
  importAgreement,
  KIND,
  MAX_CERTIFICATE_BYTES,
  requireSignature,
  SIGNATURE_BYTES,
  VERSION,
} from './wire.ts'

/** The responder's keys that an initial message is for, as public bytes. */
interface Target {
  readonly certificate: Uint8Array
  readonly prekey: Uint8Array
  readonly kem: Uint8Array
  readonly oneTime: Uint8Array | undefined
}

function targetBytes(target: Target): Uint8Array {
  const { certificate, prekey, kem, oneTime = new Uint8Array() } = target
  return concatBytes(...[certificate, prekey, kem, oneTime].map(lengthPrefixed))
}

function initialSigned(context: HandshakeContext, target: Target, body: Uint8Array): Uint8Array {
  return concatBytes(labels.sessionInitial, peersOf(context), targetBytes(target), body)
}

function transcriptOf(context: HandshakeContext, target: Target, body: Uint8Array): Uint8Array {
  return concatBytes(peersOf(context), targetBytes(target), lengthPrefixed(body))
}

export async function initiateWithBundle(
  by: Handshaker,
  published: PublishedBundle,
  nowMs: number,
): Promise<Established & { message: Uint8Array }> {
  const { crypto, self, context } = by
  const bundle = await verifyBundle(crypto, by.verifyRemote, published, nowMs)
  const { remote } = bundle
  const prekey = await importAgreement(crypto, bundle.prekey)
  const oneTime = bundle.oneTime && (await importAgreement(crypto, bundle.oneTime.key))
  const ephemeral = await crypto.generateAgreementKeyPair()
  const { ciphertext, sharedSecret } = encapsulate(crypto, bundle.kem)
  const body = new ByteWriter()
    .uint8(VERSION)
    .uint8(KIND.initial)
    .put(ephemeral.publicKey.spki.slice())
    .uint32(bundle.prekeyId)
    .uint32(bundle.oneTime?.id ?? 0)
    .put(ciphertext)
    .uint64(nowMs)
    .lengthPrefixed(self.certificate)
    .finish()
  const target: Target = {
    certificate: remote.certificate,
    prekey: bundle.prekey,
    kem: bundle.kem,
    oneTime: bundle.oneTime?.key,
  }
  const toSign = initialSigned(context, target, body)
  const signature = await crypto.sign(self.signing.privateKey, toSign)
  const agreed = [
    await crypto.agree(self.agreement.privateKey, prekey),
    await crypto.agree(ephemeral.privateKey, remote.agreementKey),
    await crypto.agree(ephemeral.privateKey, prekey),
  ]
  if (oneTime !== undefined) agreed.push(await crypto.agree(ephemeral.privateKey, oneTime))
  agreed.push(sharedSecret)
  const keys = schedule(crypto, agreed, transcriptOf(context, target, body))
  const state = initiatorState(keys, ephemeral, prekey)
  // Their clock is not known before their first answer.
  return { message: concatBytes(body, signature), state, remote, clockSkewMs: 0 }
}

function decodeInitial(message: Uint8Array) {
  return decodeExactly(message, KIND.initial, (reader) => ({
    ephemeral: reader.take(SPKI_BYTES),
    prekeyId: reader.uint32(),
    oneTimeId: reader.uint32(),
    ciphertext: reader.take(KEM_CIPHERTEXT_BYTES),
    clockMs: reader.uint64(),
    certificate: reader.lengthPrefixed(MAX_CERTIFICATE_BYTES),
    body: message.slice(0, reader.offset),
    signature: reader.take(SIGNATURE_BYTES),
  }))
}

/** @throws PrekeyUnavailableError | ReplayedFrameError | HandshakeError | InvalidSignatureError */
export async function acceptInitial(
  by: Handshaker,
  prekeys: PrekeyStore,
  message: Uint8Array,
  nowMs: number,
): Promise<Established> {
  const { crypto, self, context } = by
  const decoded = decodeInitial(message)
  const prekey = prekeys.prekey(decoded.prekeyId)
  const oneTime = decoded.oneTimeId === 0 ? undefined : prekeys.oneTime(decoded.oneTimeId)
  if (prekey === undefined || (decoded.oneTimeId !== 0 && oneTime === undefined)) {
    throw new PrekeyUnavailableError('the prekey of this letter is gone')
  }
  const remote = await by.verifyRemote(decoded.certificate)
  const target: Target = {
    certificate: self.certificate,
    prekey: prekey.pair.publicKey.spki,
    kem: prekey.kem.publicKey,
    oneTime: oneTime?.publicKey.spki,
  }
  const signed = initialSigned(context, target, decoded.body)
  await requireSignature(crypto, remote.verifyingKey, decoded.signature, signed)
  const theirs = await importAgreement(crypto, decoded.ephemeral)
  const agreed = [
    await crypto.agree(prekey.pair.privateKey, remote.agreementKey),
    await crypto.agree(self.agreement.privateKey, theirs),
    await crypto.agree(prekey.pair.privateKey, theirs),
  ]
  if (oneTime !== undefined) agreed.push(await crypto.agree(oneTime.privateKey, theirs))
  agreed.push(prekey.kem.decapsulate(decoded.ciphertext))
  const keys = schedule(crypto, agreed, transcriptOf(context, target, decoded.body))
  if (!prekeys.accept(prekey, decoded.oneTimeId, keys.id)) {
    wipeKeys(keys)
    throw new ReplayedFrameError('an initial message that was accepted before')
  }
  const state = responderState(keys, prekey.pair, theirs)
  return { state, remote, clockSkewMs: decoded.clockMs - nowMs }
}
