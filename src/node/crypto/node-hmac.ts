/**
 * HMAC-SHA256 and HKDF-SHA256 over Node's one-shot hash. `createHmac` sets up an OpenSSL context for each call, which
 * costs five times the work itself on inputs as short as a ratchet's; the construction is a dozen lines.
 */
import { hash } from 'node:crypto'

const BLOCK_BYTES = 64
const HASH_BYTES = 32
const INNER_PAD = 0x36
const OUTER_PAD = 0x5c

export function oneShotSha256(data: Uint8Array): Uint8Array {
  const digest = hash('sha256', data, 'buffer')
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.byteLength)
}

// A ratchet's inputs are a byte or two: for those, the same two blocks serve every call. Nothing here awaits.
const innerScratch = new Uint8Array(2 * BLOCK_BYTES)
const innerViews = Array.from({ length: BLOCK_BYTES + 1 }, (_, length) =>
  innerScratch.subarray(0, BLOCK_BYTES + length),
)
const outer = new Uint8Array(BLOCK_BYTES + HASH_BYTES)

// RFC 2104 §2
export function hmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  const shortKey = key.length > BLOCK_BYTES ? oneShotSha256(key) : key
  const inner = innerViews[data.length] ?? new Uint8Array(BLOCK_BYTES + data.length)
  inner.fill(INNER_PAD, 0, BLOCK_BYTES)
  outer.fill(OUTER_PAD, 0, BLOCK_BYTES)
  for (let i = 0; i < shortKey.length; i++) {
    const byte = shortKey[i] ?? 0
    inner[i] = byte ^ INNER_PAD
    outer[i] = byte ^ OUTER_PAD
  }
  inner.set(data, BLOCK_BYTES)
  outer.set(oneShotSha256(inner), BLOCK_BYTES)
  const result = oneShotSha256(outer)
  // Both hold the key under a mask that everybody knows.
  inner.fill(0)
  outer.fill(0)
  return result
}

// RFC 5869 §2
export function hkdf(
  ikm: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  if (length > 255 * HASH_BYTES) throw new RangeError('HKDF gives at most 255 blocks')
  const prk = hmac(salt.length === 0 ? new Uint8Array(HASH_BYTES) : salt, ikm)
  const out = new Uint8Array(length)
  let previous: Uint8Array = new Uint8Array()
  for (let at = 0, index = 1; at < length; at += HASH_BYTES, index++) {
    const input = new Uint8Array(previous.length + info.length + 1)
    input.set(previous)
    input.set(info, previous.length)
    input[input.length - 1] = index
    previous = hmac(prk, input)
    out.set(previous.subarray(0, Math.min(HASH_BYTES, length - at)), at)
    input.fill(0)
  }
  prk.fill(0)
  previous.fill(0)
  return out
}
