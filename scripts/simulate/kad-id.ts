/** Places in Kademlia's key space, as far as a million nodes need it: the first 64 bits of SHA-256. */
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'

export interface KadId {
  readonly high: number
  readonly low: number
}

/** Of a key, or of a peer id's multihash. */
export function kadIdOf(bytes: Uint8Array): KadId {
  const hash = nodeCrypto.sha256(bytes)
  const view = new DataView(hash.buffer, hash.byteOffset, hash.byteLength)
  return { high: view.getUint32(0), low: view.getUint32(4) }
}

/** Below zero when `a` is nearer to `target` than `b`. */
export function compareDistance(target: KadId, a: KadId, b: KadId): number {
  const high = ((a.high ^ target.high) >>> 0) - ((b.high ^ target.high) >>> 0)
  return high === 0 ? ((a.low ^ target.low) >>> 0) - ((b.low ^ target.low) >>> 0) : high
}

/** How many leading bits two have in common, up to 64. */
export function commonPrefix(a: KadId, b: KadId): number {
  const high = Math.clz32(a.high ^ b.high)
  return high < 32 ? high : 32 + Math.clz32(a.low ^ b.low)
}
