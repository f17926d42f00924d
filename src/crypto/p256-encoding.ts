/**
 * The two DER shapes in which P-256 keys travel and rest. Only the canonical one of each is taken: one key, one
 * encoding, one fingerprint. RFC 5480 §2 (SPKI), RFC 5208 and RFC 5915 §3 (PKCS#8).
 */
import { concatBytes, fromHex } from './bytes.ts'
import { InvalidKeyError } from './errors.ts'

export const SPKI_BYTES = 91
export const POINT_BYTES = 65
export const SCALAR_BYTES = 32

// SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING { uncompressed point } }
const SPKI_PREFIX = fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200')
// SEQUENCE { 0, SEQUENCE { id-ecPublicKey, prime256v1 }, OCTET STRING { SEQUENCE { 1, scalar, [1] point } } }
const PKCS8_PREFIX = fromHex(
  '308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420',
)
const PKCS8_POINT_PREFIX = fromHex('a144034200')
// The same without the optional public point, as some tools write it.
const PKCS8_BARE_PREFIX = fromHex(
  '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
)

function startsWith(bytes: Uint8Array, prefix: Uint8Array, offset = 0): boolean {
  return prefix.every((byte, i) => bytes[offset + i] === byte)
}

/** SPKI of an uncompressed point (65 bytes). Whether it lies on the curve is the backend's to check. */
export function spkiOfPoint(point: Uint8Array): Uint8Array {
  if (point.length !== POINT_BYTES || point[0] !== 4) {
    throw new InvalidKeyError('not an uncompressed P-256 point')
  }
  return concatBytes(SPKI_PREFIX, point)
}

/** The uncompressed point (65 bytes) in an SPKI. @throws InvalidKeyError for any other shape */
export function pointOfSpki(spki: Uint8Array): Uint8Array {
  if (spki.length !== SPKI_BYTES || !startsWith(spki, SPKI_PREFIX) || spki[26] !== 4) {
    throw new InvalidKeyError('not an uncompressed P-256 public key in SPKI form')
  }
  return spki.slice(SPKI_PREFIX.length)
}

/** PKCS#8 (138 bytes) of a scalar (32 bytes) and its public point (65 bytes). */
export function encodePkcs8(scalar: Uint8Array, point: Uint8Array): Uint8Array {
  if (scalar.length !== SCALAR_BYTES || point.length !== POINT_BYTES) {
    throw new InvalidKeyError('not a P-256 private key')
  }
  return concatBytes(PKCS8_PREFIX, scalar, PKCS8_POINT_PREFIX, point)
}

/** Scalar and, where it is there, public point of a PKCS#8 key. @throws InvalidKeyError for any other shape */
export function decodePkcs8(pkcs8: Uint8Array): { scalar: Uint8Array; point?: Uint8Array } {
  const bare = PKCS8_BARE_PREFIX.length
  if (pkcs8.length === bare + SCALAR_BYTES && startsWith(pkcs8, PKCS8_BARE_PREFIX)) {
    return { scalar: pkcs8.slice(bare) }
  }
  const pointPrefix = PKCS8_PREFIX.length + SCALAR_BYTES
  const point = pointPrefix + PKCS8_POINT_PREFIX.length
  if (
    pkcs8.length !== point + POINT_BYTES ||
    !startsWith(pkcs8, PKCS8_PREFIX) ||
    !startsWith(pkcs8, PKCS8_POINT_PREFIX, pointPrefix)
  ) {
    throw new InvalidKeyError('not a P-256 private key in PKCS#8 form')
  }
  return { scalar: pkcs8.slice(PKCS8_PREFIX.length, pointPrefix), point: pkcs8.slice(point) }
}
