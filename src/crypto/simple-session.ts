/**
 * A mutually authenticated session in one round trip: ephemeral and identity P-256 keys agree four ways, both sides
 * sign what they said and heard, and each direction gets a chain with a fresh key for every block. No healing after a
 * compromise: that is the ratchet's.
 */
import { concatBytes, equalBytes, lengthPrefixed, wipe } from './bytes.ts'
import { HandshakeError, InvalidKeyError, InvalidSignatureError } from './errors.ts'
import { labels } from './labels.ts'
import type { AgreementKeyPair, AgreementPublicKey, CryptoPort } from './port.ts'
import { Redacted } from './redacted.ts'
import type {
  CertificateVerifier,
  HandshakeContext,
  LocalIdentity,
  PendingSession,
  RemoteIdentity,
  Session,
  SessionProtocol,
} from './session.ts'
import { ReceivingChain, SendingChain, SIMPLE_PLAINTEXT_BYTES } from './simple-chain.ts'
import {
  CONFIRM_BYTES,
  decodeMessage,
  encodeBody,
  type ParsedMessage,
} from './simple-handshake-message.ts'

class SimpleSession extends Redacted implements Session {
  readonly id: Uint8Array
  readonly remote: RemoteIdentity
  readonly clockSkewMs: number
  readonly plaintextBytes = SIMPLE_PLAINTEXT_BYTES
  readonly #sending: SendingChain
  readonly #receiving: ReceivingChain

  constructor(
    id: Uint8Array,
    remote: RemoteIdentity,
    clockSkewMs: number,
    sending: SendingChain,
    receiving: ReceivingChain,
  ) {
    super('Session')
    this.id = id
    this.remote = remote
    this.clockSkewMs = clockSkewMs
    this.#sending = sending
    this.#receiving = receiving
  }

  seal(frameType: number, plaintext: Uint8Array): Promise<Uint8Array> {
    return this.#sending.seal(frameType, plaintext)
  }

  open(frameType: number, sealed: Uint8Array): Promise<Uint8Array> {
    return this.#receiving.open(frameType, sealed)
  }

  close(): void {
    this.#sending.close()
    this.#receiving.close()
  }
}

interface Keys {
  readonly id: Uint8Array
  readonly confirm: Uint8Array
  readonly toResponder: Uint8Array
  readonly toInitiator: Uint8Array
}

/** Each agreement of one own private and one public key of the other side, in the order both sides use. */
type Agreements = readonly [AgreementKeyPair, AgreementPublicKey][]

async function deriveKeys(
  crypto: CryptoPort,
  agreements: Agreements,
  transcript: Uint8Array,
): Promise<Keys> {
  const shared: Uint8Array[] = []
  for (const [own, theirs] of agreements) shared.push(await crypto.agree(own.privateKey, theirs))
  const ikm = concatBytes(...shared)
  const id = crypto.sha256(transcript)
  const okm = crypto.hkdfSha256(ikm, id, labels.simpleKeys, 96)
  const confirm = crypto.hmacSha256(okm.subarray(0, 32), labels.simpleConfirm)
  const keys = { id, confirm, toResponder: okm.slice(32, 64), toInitiator: okm.slice(64) }
  wipe(...shared, ikm, okm)
  return keys
}

function heading(label: Uint8Array, context: HandshakeContext): Uint8Array {
  const { initiatorPeer, responderPeer } = context
  return concatBytes(label, lengthPrefixed(initiatorPeer), lengthPrefixed(responderPeer))
}

/** Everything both sides must agree to have seen: who, the first message whole, the response up to its signature. */
function transcriptOf(context: HandshakeContext, message: Uint8Array, response: Uint8Array) {
  const head = heading(labels.simpleTranscript, context)
  return concatBytes(head, lengthPrefixed(message), lengthPrefixed(response))
}

function signedByInitiator(context: HandshakeContext, signed: Uint8Array): Uint8Array {
  return concatBytes(heading(labels.simpleInitiate, context), signed)
}

function signedByResponder(context: HandshakeContext, message: Uint8Array, signed: Uint8Array) {
  return concatBytes(heading(labels.simpleRespond, context), lengthPrefixed(message), signed)
}

async function requireSignature(
  crypto: CryptoPort,
  remote: RemoteIdentity,
  parsed: ParsedMessage,
  signed: Uint8Array,
): Promise<void> {
  if (!(await crypto.verify(remote.verifyingKey, parsed.signature, signed))) {
    throw new InvalidSignatureError('the handshake is not signed by who presents it')
  }
}

async function importEphemeral(crypto: CryptoPort, spki: Uint8Array): Promise<AgreementPublicKey> {
  try {
    return await crypto.importAgreementPublicKey(spki)
  } catch (cause) {
    if (cause instanceof InvalidKeyError)
      throw new HandshakeError('an invalid ephemeral key', { cause })
    throw cause
  }
}

async function initiate(
  crypto: CryptoPort,
  self: LocalIdentity,
  verifyRemote: CertificateVerifier,
  context: HandshakeContext,
  nowMs: number,
): Promise<PendingSession> {
  let ephemeral: AgreementKeyPair | undefined = await crypto.generateAgreementKeyPair()
  const spki = ephemeral.publicKey.spki
  const body = encodeBody({ ephemeral: spki, clockMs: nowMs, certificate: self.certificate })
  const signature = await crypto.sign(self.signing.privateKey, signedByInitiator(context, body))
  const message = concatBytes(body, signature)

  return {
    message,
    async finish(response, responseNowMs) {
      // Taken once: the same ephemeral key never meets two responses.
      const own = ephemeral
      ephemeral = undefined
      if (own === undefined) throw new HandshakeError('the handshake is over')
      const parsed = decodeMessage(response, CONFIRM_BYTES)
      const remote = await verifyRemote(parsed.certificate)
      const signed = signedByResponder(context, message, parsed.signed)
      await requireSignature(crypto, remote, parsed, signed)
      const theirs = await importEphemeral(crypto, parsed.ephemeral)
      const agreements: Agreements = [
        [own, theirs],
        [self.agreement, theirs],
        [own, remote.agreementKey],
        [self.agreement, remote.agreementKey],
      ]
      const transcript = transcriptOf(context, message, parsed.signed)
      const keys = await deriveKeys(crypto, agreements, transcript)
      if (!equalBytes(keys.confirm, parsed.rest)) {
        wipe(keys.toInitiator, keys.toResponder)
        throw new HandshakeError('the two sides did not arrive at the same keys')
      }
      // The other clock was read about half a round trip ago: halfway between our sending and now.
      const skewMs = Math.round(parsed.clockMs - (nowMs + responseNowMs) / 2)
      const sending = new SendingChain(crypto, keys.toResponder)
      const receiving = new ReceivingChain(crypto, keys.toInitiator)
      return new SimpleSession(keys.id, remote, skewMs, sending, receiving)
    },
    abandon() {
      ephemeral = undefined
    },
  }
}

/** The session protocol over `crypto`, as docs/specs/session.md describes under "simple". */
export function simpleSessions(crypto: CryptoPort): SessionProtocol {
  return {
    initiate(self, verifyRemote, context, nowMs) {
      return initiate(crypto, self, verifyRemote, context, nowMs)
    },

    async respond(self, verifyRemote, context, message, nowMs) {
      const parsed = decodeMessage(message, 0)
      const remote = await verifyRemote(parsed.certificate)
      await requireSignature(crypto, remote, parsed, signedByInitiator(context, parsed.signed))
      const theirs = await importEphemeral(crypto, parsed.ephemeral)
      const own = await crypto.generateAgreementKeyPair()
      const body = encodeBody({
        ephemeral: own.publicKey.spki,
        clockMs: nowMs,
        certificate: self.certificate,
      })
      const signed = signedByResponder(context, message, body)
      const signature = await crypto.sign(self.signing.privateKey, signed)
      const agreements: Agreements = [
        [own, theirs],
        [own, remote.agreementKey],
        [self.agreement, theirs],
        [self.agreement, remote.agreementKey],
      ]
      const keys = await deriveKeys(crypto, agreements, transcriptOf(context, message, body))
      const response = concatBytes(body, signature, keys.confirm)
      const sending = new SendingChain(crypto, keys.toInitiator)
      const receiving = new ReceivingChain(crypto, keys.toResponder)
      const skewMs = parsed.clockMs - nowMs
      return {
        response,
        session: new SimpleSession(keys.id, remote, skewMs, sending, receiving),
      }
    },
  }
}
