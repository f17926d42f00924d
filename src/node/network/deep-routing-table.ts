/**
 * Lets kad-dht's routing table know its own neighbourhood however large the network is. Its trie of buckets ends at six bits:
 * of those who share six bits with us it keeps twenty, whoever came first. From some hundred thousand nodes on, a look-up
 * then no longer ends at those who are nearest to a key. Kademlia splits the bucket that one's own id falls into for as
 * long as it is full, and no other. docs/scale.md
 *
 * These are insides of `@libp2p/kad-dht`, whose version is pinned; `deep-routing-table.spec.ts` fails when they change.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import type { KadDHT } from '@libp2p/kad-dht'
import type { PeerId } from '@libp2p/interface'

/** kad-dht's own depth, which buckets elsewhere keep. */
const PREFIX_BITS = 6
/** Deeper than any network. */
const OWN_BITS = 64

interface Bucket {
  depth?: number
  readonly left?: Bucket
  readonly right?: Bucket
}

interface Trie {
  readonly root: Bucket
  prefixLength: number
  _split(bucket: Bucket, ...rest: unknown[]): Promise<void>
}

/** Wraps kad-dht's factory: `deepTable(kadDHT(…))`. */
export function deepTable<Components extends { readonly peerId: PeerId }, Service extends KadDHT>(
  create: (components: Components) => Service,
): (components: Components) => Service {
  return (components) => {
    const service = create(components)
    const { routingTable } = service as unknown as { readonly routingTable: { readonly kb: Trie } }
    deepen(routingTable.kb, components.peerId)
    return service
  }
}

function deepen(trie: Trie, self: PeerId): void {
  const own = sha256(self.toMultihash().bytes)
  /** Those that our own id falls into. */
  const branch = new WeakSet<Bucket>()
  const split = trie._split.bind(trie)
  trie.prefixLength = OWN_BITS
  trie._split = async (bucket, ...rest) => {
    const isOwn = bucket === trie.root || branch.has(bucket)
    // the trie takes the depth away from its root
    const depth = bucket.depth ?? 0
    await split(bucket, ...rest)
    for (const [bit, child] of [bucket.left, bucket.right].entries()) {
      if (child === undefined) continue
      if (isOwn && bit === bitAt(own, depth)) branch.add(child)
      // at its depth already: it never splits
      else if (depth + 1 >= PREFIX_BITS) child.depth = OWN_BITS
    }
  }
}

function bitAt(bytes: Uint8Array, index: number): number {
  return ((bytes[index >> 3] ?? 0) >> (7 - (index & 7))) & 1
}
