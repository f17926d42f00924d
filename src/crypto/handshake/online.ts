/** The handshake in one round trip, either side of it. docs/specs/session.md §4 */
import { concatBytes, equalBytes, lengthPrefixed } from '../bytes.ts'
import { HandshakeError } from '../errors.ts'
import { labels } from '../labels.ts'
import type { CryptoPort } from '../port.ts'
import type { RatchetState } from '../ratchet/ratchet-state.ts'
import type {
  CertificateVerifier,
  HandshakeContext,
  LocalIdentity,
  RemoteIdentity,
} from '../session.ts'
import { encapsulate, KemKeyPair } from './kem.ts'
import {
  initiatorState,
  peersOf,
  responderState,
  schedule,
  type ScheduledKeys,
  wipeKeys,
} from './key-schedule.ts'
import { decodeHandshake, encodeHandshake } from './online-messages.ts'
import { importAgreement, requireSignature } from './wire.ts'

/** A handshake's outcome, ready to become a session. */
export interface Established {
  readonly state: RatchetState
  readonly remote: RemoteIdentity
  readonly clockSkewMs: number
}

export interface Handshaker {
  readonly crypto: CryptoPort
  readonly self: LocalIdentity
  readonly verifyRemote: CertificateVerifier
  readonly context: HandshakeContext
}

function firstSigned(context: HandshakeContext, body: Uint8Array): Uint8Array {
  return concatBytes(labels.sessionFirst, peersOf(context), body)
}

function responseSigned(context: HandshakeContext, first: Uint8Array, body: Uint8Array) {
  return concatBytes(labels.sessionResponse, peersOf(context), lengthPrefixed(first), body)
}

function transcriptOf(context: HandshakeContext, first: Uint8Array, responseBody: Uint8Array) {
  return concatBytes(peersOf(context), lengthPrefixed(first), lengthPrefixed(responseBody))
}

export interface PendingHandshake {
  readonly message: Uint8Array
  finish(response: Uint8Array, nowMs: number): Promise<Established>
  abandon(): void
}

export async function initiateOnline(by: Handshaker, nowMs: number): Promise<PendingHandshake> {
  const { crypto, self, context } = by
  const ephemeral = await crypto.generateAgreementKeyPair()
  const kem = KemKeyPair.generate(crypto)
  const body = encodeHandshake('first', {
    ephemeral: ephemeral.publicKey.spki,
    kem: kem.publicKey,
    clockMs: nowMs,
    certificate: self.certificate,
  })
  const signature = await crypto.sign(self.signing.privateKey, firstSigned(context, body))
  const message = concatBytes(body, signature)
  // The ephemeral keys meet one response and no second one.
  let spent = false
  return {
    message,
    async finish(response, responseNowMs) {
      if (spent) throw new HandshakeError('the handshake is over')
      spent = true
      try {
        const decoded = decodeHandshake('response', response)
        const remote = await by.verifyRemote(decoded.certificate)
        const signed = responseSigned(context, message, decoded.body)
        await requireSignature(crypto, remote.verifyingKey, decoded.signature, signed)
        const theirs = await importAgreement(crypto, decoded.ephemeral)
        const agreed = [
          await crypto.agree(self.agreement.privateKey, theirs),
          await crypto.agree(ephemeral.privateKey, remote.agreementKey),
          await crypto.agree(ephemeral.privateKey, theirs),
          kem.decapsulate(decoded.kem),
        ]
        const keys = schedule(crypto, agreed, transcriptOf(context, message, decoded.body))
        requireConfirmation(keys, decoded.confirmation)
        const state = initiatorState(keys, ephemeral, theirs)
        // Their clock was read between our sending and now: halfway, for want of better knowledge.
        const clockSkewMs = Math.round(decoded.clockMs - (nowMs + responseNowMs) / 2)
        return { state, remote, clockSkewMs }
      } finally {
        kem.wipe()
      }
    },
    abandon() {
      spent = true
      kem.wipe()
    },
  }
}

function requireConfirmation(keys: ScheduledKeys, confirmation: Uint8Array): void {
  if (equalBytes(keys.confirmation, confirmation)) return
  wipeKeys(keys)
  throw new HandshakeError('the two sides did not arrive at the same keys')
}

export async function respondOnline(
  by: Handshaker,
  message: Uint8Array,
  nowMs: number,
): Promise<Established & { response: Uint8Array }> {
  const { crypto, self, context } = by
  const decoded = decodeHandshake('first', message)
  const remote = await by.verifyRemote(decoded.certificate)
  const signed = firstSigned(context, decoded.body)
  await requireSignature(crypto, remote.verifyingKey, decoded.signature, signed)
  const theirs = await importAgreement(crypto, decoded.ephemeral)
  const ephemeral = await crypto.generateAgreementKeyPair()
  const { ciphertext, sharedSecret } = encapsulate(crypto, decoded.kem)
  const body = encodeHandshake('response', {
    ephemeral: ephemeral.publicKey.spki,
    kem: ciphertext,
    clockMs: nowMs,
    certificate: self.certificate,
  })
  const toSign = responseSigned(context, message, body)
  const signature = await crypto.sign(self.signing.privateKey, toSign)
  const agreed = [
    await crypto.agree(ephemeral.privateKey, remote.agreementKey),
    await crypto.agree(self.agreement.privateKey, theirs),
    await crypto.agree(ephemeral.privateKey, theirs),
    sharedSecret,
  ]
  const keys = schedule(crypto, agreed, transcriptOf(context, message, body))
  const response = concatBytes(body, signature, keys.confirmation)
  const state = responderState(keys, ephemeral, theirs)
  return { response, state, remote, clockSkewMs: decoded.clockMs - nowMs }
}
