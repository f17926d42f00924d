/** First message and response of the handshake between two peers that are both there. docs/specs/session.md §4 */
import { ByteWriter } from '../byte-writer.ts'
import { SPKI_BYTES } from '../p256-encoding.ts'
import { KEM_CIPHERTEXT_BYTES, KEM_PUBLIC_BYTES } from './kem.ts'
import {
  CONFIRMATION_BYTES,
  decodeExactly,
  KIND,
  MAX_CERTIFICATE_BYTES,
  SIGNATURE_BYTES,
  VERSION,
} from './wire.ts'

export interface HandshakeFields {
  /** SPKI. */
  readonly ephemeral: Uint8Array
  /** The ML-KEM key in a first message, the ciphertext for it in a response. */
  readonly kem: Uint8Array
  readonly clockMs: number
  readonly certificate: Uint8Array
}

export interface DecodedHandshake extends HandshakeFields {
  /** Everything before the signature. */
  readonly body: Uint8Array
  readonly signature: Uint8Array
  /** Empty in a first message. */
  readonly confirmation: Uint8Array
}

/** The bytes before the signature. @throws RangeError for a certificate over 64 KiB */
export function encodeHandshake(kind: 'first' | 'response', fields: HandshakeFields): Uint8Array {
  return new ByteWriter()
    .uint8(VERSION)
    .uint8(KIND[kind])
    .put(fields.ephemeral.slice(), fields.kem.slice())
    .uint64(fields.clockMs)
    .lengthPrefixed(fields.certificate)
    .finish()
}

/** @throws HandshakeError */
export function decodeHandshake(kind: 'first' | 'response', bytes: Uint8Array): DecodedHandshake {
  const first = kind === 'first'
  return decodeExactly(bytes, KIND[kind], (reader) => {
    const ephemeral = reader.take(SPKI_BYTES)
    const kem = reader.take(first ? KEM_PUBLIC_BYTES : KEM_CIPHERTEXT_BYTES)
    const clockMs = reader.uint64()
    const certificate = reader.lengthPrefixed(MAX_CERTIFICATE_BYTES)
    const body = bytes.slice(0, reader.offset)
    const signature = reader.take(SIGNATURE_BYTES)
    const confirmation = reader.take(first ? 0 : CONFIRMATION_BYTES)
    return { ephemeral, kem, clockMs, certificate, body, signature, confirmation }
  })
}
