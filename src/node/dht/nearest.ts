import { sha256 } from '@noble/hashes/sha2.js'
import { xor } from 'uint8arrays/xor'
import { xorCompare } from 'uint8arrays/xor-compare'
import type { DhtInnards } from './dht-innards.ts'
import type { PeerId } from '@libp2p/interface'

/** Whether a node would name itself if it were asked for the k nearest to a key. */
export function isAmongNearest(
  self: PeerId,
  key: Uint8Array,
  table: Pick<DhtInnards['routingTable'], 'kBucketSize' | 'closestPeers'>,
): boolean {
  const { kBucketSize } = table
  const target = sha256(key)
  const farthest = table.closestPeers(target, { count: kBucketSize })[kBucketSize - 1]
  if (farthest === undefined) return true
  const distance = (peer: PeerId): Uint8Array => xor(sha256(peer.toMultihash().bytes), target)
  return xorCompare(distance(self), distance(farthest)) < 0
}
