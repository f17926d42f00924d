import { isDirectAddress } from '../../chat/connectivity/path.ts'
import type { DhtInnards } from './dht-innards.ts'
import type { KadDHTComponents } from '@libp2p/kad-dht'
import type { PeerId, PeerInfo, PeerStore } from '@libp2p/interface'

/** Peers whose addresses are remembered, and those named to us that we do not look at anew. */
const MAX_PEERS = 4096

/** How long what a peer store said of somebody is good, and how long somebody named to us need not be told of again. */
const FRESH_MS = 60_000

/** What was true of peers a short while ago; the oldest goes first. */
class Lately<Value> {
  readonly #values = new Map<string, { readonly value: Value; readonly at: number }>()

  get(peer: PeerId): Value | undefined {
    const found = this.#values.get(peer.toString())
    return found === undefined || performance.now() - found.at > FRESH_MS ? undefined : found.value
  }

  set(peer: PeerId, value: Value): void {
    const id = peer.toString()
    this.#values.delete(id)
    this.#values.set(id, { value, at: performance.now() })
    const [oldest] = this.#values.keys()
    if (this.#values.size > MAX_PEERS && oldest !== undefined) this.#values.delete(oldest)
  }

  delete(peer: PeerId): void {
    this.#values.delete(peer.toString())
  }
}

/**
 * Every answer of a node names twenty others, whom kad-dht reads from the peer store for it, one by one: most of what an
 * answer costs. This peer store remembers where somebody is for a minute, or until that changes, and names circuits only
 * of those who have nothing else: nobody asks a node over one.
 */
export function rememberingStore({
  peerStore,
  events,
}: Pick<KadDHTComponents, 'peerStore' | 'events'>): PeerStore {
  const infos = new Lately<PeerInfo>()
  events.addEventListener('peer:update', ({ detail }) => {
    infos.delete(detail.peer.id)
  })
  return {
    forEach: (...args) => peerStore.forEach(...args),
    all: (...args) => peerStore.all(...args),
    delete: (...args) => peerStore.delete(...args),
    has: (...args) => peerStore.has(...args),
    get: (...args) => peerStore.get(...args),
    save: (...args) => peerStore.save(...args),
    patch: (...args) => peerStore.patch(...args),
    merge: (...args) => peerStore.merge(...args),
    consumePeerRecord: (...args) => peerStore.consumePeerRecord(...args),
    async getInfo(peer, options) {
      const known = infos.get(peer)
      if (known !== undefined) return known
      const { id, multiaddrs } = await peerStore.getInfo(peer, options)
      const direct = multiaddrs.filter((address) => isDirectAddress(address))
      const info = { id, multiaddrs: direct.length > 0 ? direct : multiaddrs.slice(0, 1) }
      infos.set(peer, info)
      return info
    },
  }
}

/**
 * And whoever is answered tells everybody who listens of each of those named, who write them down again: most of what a
 * question costs. Somebody who is named again within a minute, with nothing new, is not told of.
 */
export function tellOfNewPeers({ network }: Pick<DhtInnards, 'network'>): void {
  const named = new Lately<string>()
  const tell = network.safeDispatchEvent.bind(network)
  network.safeDispatchEvent = (type, init) => {
    const { id, multiaddrs } = init.detail
    const addresses = multiaddrs.join()
    if (named.get(id) === addresses) return false
    named.set(id, addresses)
    return tell(type, init)
  }
}
