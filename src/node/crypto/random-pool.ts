/**
 * Random bytes without a call into the system for every nonce. What may become a key comes fresh all the same: nobody
 * who reads our memory shall find tomorrow's keys in it, and a nonce is public anyway.
 */
import { randomFillSync } from 'node:crypto'

const POOL_BYTES = 16 * 1024
const MIN_KEY_BYTES = 32
const MAX_KEY_BYTES = 64
/** More gains nothing from a pool. */
const MAX_POOLED_BYTES = 1024

const pool = new Uint8Array(POOL_BYTES)
let used = POOL_BYTES

/** A new array from the system's generator. */
export function randomFromPool(length: number): Uint8Array {
  const mayBeKey = length >= MIN_KEY_BYTES && length <= MAX_KEY_BYTES
  if (mayBeKey || length > MAX_POOLED_BYTES) return randomFillSync(new Uint8Array(length))
  if (used + length > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = pool.slice(used, used + length)
  // given once
  pool.fill(0, used, used + length)
  used += length
  return bytes
}
