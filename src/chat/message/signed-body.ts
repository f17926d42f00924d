/**
 * What one person says to another in a session, signed: signature ‖ sequence ‖ body. The signature is ECDSA P-256 over
 * SHA-256 of label ‖ sender ‖ recipient ‖ session ‖ sequence ‖ body, so nothing can be shown to a third person as meant for
 * them, nor be given another place or another session. docs/specs/chat.md §5.2
 */
import { concatBytes, fromHex, readUint64, uint64Bytes } from '../../crypto/bytes.ts'
import { InvalidSignatureError } from '../../crypto/errors.ts'
import { MalformedMessageError } from './errors.ts'
import type { CryptoPort, SigningKey, VerifyingKey } from '../../crypto/port.ts'

const SIGNATURE_BYTES = 64
const SEQUENCE_BYTES = 8

/** What stands before the body. */
export const SIGNED_HEADER_BYTES = SIGNATURE_BYTES + SEQUENCE_BYTES

/** From whom to whom, as fingerprints, and in which session (its id). Never changed once it was used. */
export interface Route {
  readonly sender: string
  readonly recipient: string
  readonly session: Uint8Array
}

export interface OpenedBody {
  readonly sequence: number
  /** At least one byte. */
  readonly body: Uint8Array
}

/** What is signed before the sequence, by route and label: a channel has two routes, and many messages. */
const prefixes = new WeakMap<Route, Map<Uint8Array, Uint8Array>>()

export async function signBody(
  crypto: CryptoPort,
  key: SigningKey,
  label: Uint8Array,
  route: Route,
  sequence: number,
  body: Uint8Array,
): Promise<Uint8Array> {
  const prefix = prefixOf(label, route)
  const signed = concatBytes(prefix, uint64Bytes(sequence), body)
  const signature = await crypto.sign(key, signed)
  return concatBytes(signature, signed.subarray(prefix.length))
}

/** @throws InvalidSignatureError | MalformedMessageError */
export async function openBody(
  crypto: CryptoPort,
  key: VerifyingKey,
  label: Uint8Array,
  route: Route,
  bytes: Uint8Array,
): Promise<OpenedBody> {
  if (bytes.byteLength <= SIGNED_HEADER_BYTES)
    throw new MalformedMessageError('a message too short')
  const signature = bytes.subarray(0, SIGNATURE_BYTES)
  const signed = bytes.subarray(SIGNATURE_BYTES)
  if (!(await crypto.verify(key, signature, concatBytes(prefixOf(label, route), signed)))) {
    throw new InvalidSignatureError('a message whose signature does not hold')
  }
  return { sequence: readSequence(signed), body: signed.subarray(SEQUENCE_BYTES) }
}

function prefixOf(label: Uint8Array, route: Route): Uint8Array {
  let ofRoute = prefixes.get(route)
  if (ofRoute === undefined) {
    ofRoute = new Map()
    prefixes.set(route, ofRoute)
  }
  let prefix = ofRoute.get(label)
  if (prefix === undefined) {
    const { sender, recipient, session } = route
    prefix = concatBytes(label, fromHex(sender), fromHex(recipient), session)
    ofRoute.set(label, prefix)
  }
  return prefix
}

function readSequence(signed: Uint8Array): number {
  try {
    return readUint64(signed, 0)
  } catch (err) {
    throw new MalformedMessageError('a sequence number out of range', { cause: err })
  }
}
