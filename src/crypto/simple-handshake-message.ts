/**
 * The two messages of the simple handshake, of one fixed shape (sizes in bytes):
 *
 *     version(1) ‖ ephemeral SPKI(91) ‖ clock, ms since 1970(8) ‖ certificate length(2) ‖ certificate
 *       ‖ signature(64) ‖ confirmation(32, response only)
 *
 * The signature covers everything before it and what the session says came earlier.
 */
import { concatBytes, lengthPrefixed, readUint16, readUint64, uint64Bytes } from './bytes.ts'
import { HandshakeError } from './errors.ts'
import { SPKI_BYTES } from './p256-encoding.ts'

export const SIGNATURE_BYTES = 64
export const CONFIRM_BYTES = 32
const VERSION = 1
const HEADER_BYTES = 1 + SPKI_BYTES + 8 + 2
/** A certificate is near 500 bytes; this leaves room and bounds what a stranger makes us parse. */
const MAX_CERTIFICATE_BYTES = 2048

export interface HandshakeBody {
  readonly ephemeral: Uint8Array
  readonly clockMs: number
  readonly certificate: Uint8Array
}

export interface ParsedMessage extends HandshakeBody {
  /** The bytes that the signature covers. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
  /** What follows the signature. */
  readonly rest: Uint8Array
}

export function encodeBody(body: HandshakeBody): Uint8Array {
  if (body.certificate.length > MAX_CERTIFICATE_BYTES) {
    throw new HandshakeError('the certificate is too long')
  }
  return concatBytes(
    Uint8Array.of(VERSION),
    body.ephemeral,
    uint64Bytes(body.clockMs),
    lengthPrefixed(body.certificate),
  )
}

/** @throws HandshakeError unless `message` is exactly one message with `restBytes` after the signature */
export function decodeMessage(message: Uint8Array, restBytes: number): ParsedMessage {
  if (message.length < HEADER_BYTES) throw new HandshakeError('a handshake message was cut short')
  if (message[0] !== VERSION) throw new HandshakeError('an unknown version of the handshake')
  const certificateBytes = readUint16(message, HEADER_BYTES - 2)
  const signedBytes = HEADER_BYTES + certificateBytes
  if (
    certificateBytes > MAX_CERTIFICATE_BYTES ||
    message.length !== signedBytes + SIGNATURE_BYTES + restBytes
  ) {
    throw new HandshakeError('a handshake message of the wrong length')
  }
  return {
    ephemeral: message.slice(1, 1 + SPKI_BYTES),
    clockMs: readClock(message),
    certificate: message.slice(HEADER_BYTES, signedBytes),
    signed: message.slice(0, signedBytes),
    signature: message.slice(signedBytes, signedBytes + SIGNATURE_BYTES),
    rest: message.slice(signedBytes + SIGNATURE_BYTES),
  }
}

function readClock(message: Uint8Array): number {
  try {
    return readUint64(message, 1 + SPKI_BYTES)
  } catch (cause) {
    throw new HandshakeError('a clock beyond all time', { cause })
  }
}
