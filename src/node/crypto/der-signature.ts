/**
 * ECDSA signatures between the two forms they travel in: r ‖ s of 32 bytes each (IEEE P1363), and the DER that OpenSSL
 * makes (RFC 3279 §2.2.3). Node converts by itself when told `dsaEncoding`, at twice the price of the signature.
 */
const SCALAR_BYTES = 32
const SEQUENCE = 0x30
const INTEGER = 0x02
const MAX_DER_BYTES = 2 + 2 * (2 + 1 + SCALAR_BYTES)

/** @param raw r ‖ s, 64 bytes */
export function rawToDer(raw: Uint8Array): Uint8Array {
  const der = new Uint8Array(MAX_DER_BYTES)
  const middle = writeInteger(der, 2, raw.subarray(0, SCALAR_BYTES))
  const end = writeInteger(der, middle, raw.subarray(SCALAR_BYTES))
  der[0] = SEQUENCE
  der[1] = end - 2
  return der.subarray(0, end)
}

/** @param der as OpenSSL makes it: two positive integers of at most 33 bytes, lengths in one byte each */
export function derToRaw(der: Uint8Array): Uint8Array {
  const raw = new Uint8Array(2 * SCALAR_BYTES)
  const middle = readInteger(der, 2, raw.subarray(0, SCALAR_BYTES))
  readInteger(der, middle, raw.subarray(SCALAR_BYTES))
  return raw
}

/** Shortest form, with a zero in front where the first bit would say "negative"; returns the offset behind it. */
function writeInteger(der: Uint8Array, at: number, scalar: Uint8Array): number {
  let from = 0
  while (from < SCALAR_BYTES - 1 && scalar[from] === 0) from++
  const sign = (scalar[from] ?? 0) >= 0x80 ? 1 : 0
  const length = SCALAR_BYTES - from + sign
  der[at] = INTEGER
  der[at + 1] = length
  der[at + 2] = 0
  der.set(scalar.subarray(from), at + 2 + sign)
  return at + 2 + length
}

/** Right-aligned into `scalar`; returns the offset behind it. */
function readInteger(der: Uint8Array, at: number, scalar: Uint8Array): number {
  const end = at + 2 + (der[at + 1] ?? 0)
  const digits = der.subarray(Math.max(at + 2, end - SCALAR_BYTES), end)
  scalar.set(digits, SCALAR_BYTES - digits.length)
  return end
}
