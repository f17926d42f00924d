/**
 * HMAC-SHA256 and HKDF-SHA256 over Node's one-shot hash. `createHmac` sets up an OpenSSL context for each call, which
 * costs five times the work itself on inputs as short as a ratchet's; the construction is a dozen lines.
 */
import { hash } from 'node:crypto'

const BLOCK_BYTES = 64
const HASH_BYTES = 32
const INNER_PAD = 0x36
const OUTER_PAD = 0x5c
// 'binary' is Node's other name for it, and the one that its types know
const LATIN1 = 'binary'

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

/**
 * RFC 2104 §2. `key` is the secret: what the inner hash gives is then worth nothing to whoever finds it, and may come
 * as a string, which cannot be overwritten but costs a third of a Buffer.
 */
export function hmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  const inner = maskKey(key, data)
  const innerHash = hash('sha256', inner, LATIN1)
  for (let i = 0; i < HASH_BYTES; i++) outer[BLOCK_BYTES + i] = innerHash.charCodeAt(i)
  const result = oneShotSha256(outer)
  // Both hold the key under a mask that everybody knows.
  inner.fill(0)
  outer.fill(0)
  return result
}

/** The same with a key that may be public and data that is the secret: nothing of it outlives the call. */
function hmacOfSecret(key: Uint8Array, data: Uint8Array): Uint8Array {
  const inner = maskKey(key, data)
  const innerHash = oneShotSha256(inner)
  outer.set(innerHash, BLOCK_BYTES)
  const result = oneShotSha256(outer)
  inner.fill(0)
  innerHash.fill(0)
  outer.fill(0)
  return result
}

/** Returns the input of the inner hash, and writes the outer one's first block. */
function maskKey(key: Uint8Array, data: Uint8Array): Uint8Array {
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
  return inner
}

// RFC 5869 §2
export function hkdf(
  ikm: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  if (length > 255 * HASH_BYTES) throw new RangeError('HKDF gives at most 255 blocks')
  const prk = hmacOfSecret(salt.length === 0 ? new Uint8Array(HASH_BYTES) : salt, ikm)
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
