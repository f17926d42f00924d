/**
 * The signed form of a message: signature ‖ sequence ‖ content. The signature is ECDSA P-256 over SHA-256 of
 * label ‖ sender ‖ recipient ‖ session ‖ sequence ‖ content, so a message cannot be shown to a third person as
 * meant for them, nor be given another place or another session. docs/specs/chat.md §5.2
 */
import { concatBytes, fromHex, readUint64, uint64Bytes } from '../../crypto/bytes.ts'
import { InvalidSignatureError } from '../../crypto/errors.ts'
import { labels } from '../../crypto/labels.ts'
import { MAX_CONTENT_BYTES } from './constants.ts'
import { MalformedMessageError, OversizedMessageError } from './errors.ts'
import type { CryptoPort, SigningKey, VerifyingKey } from '../../crypto/port.ts'

const SIGNATURE_BYTES = 64
const HEADER_BYTES = SIGNATURE_BYTES + 8

export const MAX_ENVELOPE_BYTES = HEADER_BYTES + MAX_CONTENT_BYTES

/** From whom to whom, as fingerprints, and in which session (its id). Never changed once it was used. */
export interface Route {
  readonly sender: string
  readonly recipient: string
  readonly session: Uint8Array
}

/** What is signed before the body, by the route: a channel has one, and many messages. */
const prefixes = new WeakMap<Route, Uint8Array>()

export interface OpenedEnvelope {
  readonly sequence: number
  readonly content: Uint8Array
}

export async function signEnvelope(
  crypto: CryptoPort,
  key: SigningKey,
  route: Route,
  sequence: number,
  content: Uint8Array,
): Promise<Uint8Array> {
  const signed = concatBytes(prefixOf(route), uint64Bytes(sequence), content)
  const signature = await crypto.sign(key, signed)
  return concatBytes(signature, signed.subarray(prefixOf(route).length))
}

/** @throws InvalidSignatureError | MalformedMessageError | OversizedMessageError */
export async function openEnvelope(
  crypto: CryptoPort,
  key: VerifyingKey,
  route: Route,
  envelope: Uint8Array,
): Promise<OpenedEnvelope> {
  if (envelope.byteLength <= HEADER_BYTES) throw new MalformedMessageError('a message too short')
  if (envelope.byteLength > MAX_ENVELOPE_BYTES) {
    throw new OversizedMessageError(`a message of ${envelope.byteLength} bytes is too long`)
  }
  const signature = envelope.subarray(0, SIGNATURE_BYTES)
  const body = envelope.subarray(SIGNATURE_BYTES)
  if (!(await crypto.verify(key, signature, concatBytes(prefixOf(route), body)))) {
    throw new InvalidSignatureError('a message whose signature does not hold')
  }
  return { sequence: readSequence(body), content: body.subarray(8) }
}

function prefixOf(route: Route): Uint8Array {
  let prefix = prefixes.get(route)
  if (prefix === undefined) {
    const { sender, recipient, session } = route
    prefix = concatBytes(labels.message, fromHex(sender), fromHex(recipient), session)
    prefixes.set(route, prefix)
  }
  return prefix
}

function readSequence(body: Uint8Array): number {
  try {
    return readUint64(body, 0)
  } catch (err) {
    throw new MalformedMessageError('a sequence number out of range', { cause: err })
  }
}
