import { commonPrefix, compareDistance, type KadId } from './kad-id.ts'

/** kad-dht's PREFIX_LENGTH: how many bits its trie of buckets distinguishes. */
const PREFIX_BITS = 6
/** kad-dht's LAST_PING_THRESHOLD and PING_OLD_CONTACT_COUNT. */
const PING_AFTER_MS = 10 * 60_000
const PINGED = 3

export interface Contact {
  readonly kad: KadId
  readonly isAlive: boolean
}

interface Entry<Node> {
  readonly node: Node
  pingedAt: number
}

/**
 * The routing table of `@libp2p/kad-dht` 16 as a whole: buckets of k by the first six bits, in which whoever is there stays
 * until it does not answer, or is found dead by the ping that a newcomer to a full bucket causes. With `deep`, the bucket that one's own id
 * falls into splits on, as Kademlia's does.
 */
export class KadTable<Node extends Contact> {
  readonly #self: KadId
  readonly #k: number
  readonly #deep: boolean
  /** By prefix. */
  readonly #buckets: Entry<Node>[][] = Array.from({ length: 1 << PREFIX_BITS }, () => [])
  /** What the bucket of our own prefix has split into, by how many bits its nodes have in common with us. */
  readonly #own: Entry<Node>[][] = Array.from({ length: 65 }, () => [])
  readonly #known = new Set<Node>()
  /** Pings sent, to verify newcomers and to find the dead. */
  pings = 0

  constructor(self: KadId, k: number, deep: boolean) {
    this.#self = self
    this.#k = k
    this.#deep = deep
  }

  get size(): number {
    return this.#known.size
  }

  has(node: Node): boolean {
    return this.#known.has(node)
  }

  /** Somebody answered or connected. */
  add(node: Node, now: number): void {
    if (this.#known.has(node)) return
    const bucket = this.#bucketOf(node)
    if (bucket.length >= this.#k && !this.#evictDead(bucket, now)) return
    this.pings++
    if (!node.isAlive) return
    bucket.push({ node, pingedAt: now })
    this.#known.add(node)
  }

  /** Somebody did not answer: src/node/dht/forget-silent.ts. */
  remove(node: Node): void {
    if (!this.#known.delete(node)) return
    const bucket = this.#bucketOf(node)
    bucket.splice(
      bucket.findIndex((entry) => entry.node === node),
      1,
    )
  }

  /** The nearest that are known, nearest first. */
  closest(target: KadId, count: number): Node[] {
    const found: Node[] = []
    const prefix = prefixOf(target)
    // whatever shares a longer prefix with the target is nearer: go outwards bucket by bucket
    for (let distance = 0; distance < 1 << PREFIX_BITS && found.length < count; distance++) {
      for (const { node } of this.#buckets[prefix ^ distance] ?? []) found.push(node)
      if (this.#deep && (prefix ^ distance) === prefixOf(this.#self)) {
        for (const bucket of this.#own) for (const { node } of bucket) found.push(node)
      }
    }
    found.sort((a, b) => compareDistance(target, a.kad, b.kad))
    return found.length > count ? found.slice(0, count) : found
  }

  /** The most bits that anybody here has in common with us: how deep the table has to be refreshed. */
  get depth(): number {
    let most = 0
    for (const { kad } of this.#known) most = Math.max(most, commonPrefix(this.#self, kad))
    return most
  }

  #bucketOf({ kad }: Node): Entry<Node>[] {
    const bits = commonPrefix(this.#self, kad)
    const isOwn = this.#deep && bits > PREFIX_BITS
    return (isOwn ? this.#own[bits] : this.#buckets[prefixOf(kad)]) ?? []
  }

  #evictDead(bucket: Entry<Node>[], now: number): boolean {
    const old = bucket
      .filter(({ pingedAt }) => pingedAt < now - PING_AFTER_MS)
      .sort((a, b) => a.pingedAt - b.pingedAt)
      .slice(0, PINGED)
    let isRoom = false
    for (const entry of old) {
      this.pings++
      if (entry.node.isAlive) {
        entry.pingedAt = now
        continue
      }
      bucket.splice(bucket.indexOf(entry), 1)
      this.#known.delete(entry.node)
      isRoom = true
    }
    return isRoom
  }
}

function prefixOf({ high }: KadId): number {
  return high >>> (32 - PREFIX_BITS)
}
