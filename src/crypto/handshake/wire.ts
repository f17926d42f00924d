/**
 * What all four handshake messages share: version and kind in front, a certificate and a signature at the end.
 * docs/specs/session.md §4 and §5
 */
import { ByteReader } from '../byte-reader.ts'
import { HandshakeError, InvalidKeyError, InvalidSignatureError } from '../errors.ts'
import type { AgreementPublicKey, CryptoPort, VerifyingKey } from '../port.ts'

export const VERSION = 2
export const KIND = { first: 1, response: 2, bundle: 3, initial: 4 } as const
export type Kind = (typeof KIND)[keyof typeof KIND]

export const SIGNATURE_BYTES = 64
export const CONFIRMATION_BYTES = 32
/** A certificate is near 500 bytes; this bounds what a stranger makes us keep and verify. */
export const MAX_CERTIFICATE_BYTES = 2048

/** Reads one message of `kind` whole. @throws HandshakeError for anything that is not exactly one */
export function decodeExactly<T>(
  bytes: Uint8Array,
  kind: Kind,
  read: (reader: ByteReader) => T,
): T {
  const reader = new ByteReader(bytes)
  try {
    if (reader.uint8() !== VERSION) throw new HandshakeError('an unknown version of the handshake')
    if (reader.uint8() !== kind) throw new HandshakeError('a handshake message out of place')
    const message = read(reader)
    reader.end()
    return message
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new HandshakeError('a malformed handshake message', { cause })
  }
}

/** @throws InvalidSignatureError */
export async function requireSignature(
  crypto: CryptoPort,
  key: VerifyingKey,
  signature: Uint8Array,
  signed: Uint8Array,
): Promise<void> {
  if (!(await crypto.verify(key, signature, signed))) {
    throw new InvalidSignatureError('the handshake is not signed by who presents it')
  }
}

/** A key that came in a handshake message. @throws HandshakeError for an invalid one */
export async function importAgreement(
  crypto: CryptoPort,
  spki: Uint8Array,
): Promise<AgreementPublicKey> {
  try {
    return await crypto.importAgreementPublicKey(spki)
  } catch (cause) {
    if (!(cause instanceof InvalidKeyError)) throw cause
    throw new HandshakeError('an invalid key in the handshake', { cause })
  }
}
