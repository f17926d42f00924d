import { EventTypes, type QueryEvent } from '@libp2p/kad-dht'
import { MAX_WHOLE_NETWORK, WHOLE_NETWORK_MS } from './constants.ts'
import type { DhtInnards } from './dht-innards.ts'
import type { PeerId, PeerInfo } from '@libp2p/interface'

/** Of a query that went no way. */
const NOWHERE = { index: -1, queued: 0, running: 0, total: 0 }

/** Any place: whoever asks for more nodes than there are gets all of them. */
const ANYWHERE = new Uint8Array(32)

/**
 * A network of some dozen nodes is known as a whole: their answers then name nobody who is not in the routing table. Who has
 * just seen that asks nobody for the nodes nearest to the next key, but looks at the table: a publication is about three
 * keys, a visit to one's mailboxes about several, and each of them would ask everybody. A look-up of oneself still does.
 */
export function rememberWholeNetwork(
  { peerRouting, routingTable }: Pick<DhtInnards, 'peerRouting' | 'routingTable'>,
  self: PeerId,
  now: () => number = () => performance.now(),
): void {
  const ask = peerRouting.getClosestPeers.bind(peerRouting)
  let wholeUntil = -Infinity

  const isWhole = (named: ReadonlySet<string>): boolean => {
    const nodes = routingTable.closestPeers(ANYWHERE, { count: MAX_WHOLE_NETWORK + 1 })
    if (nodes.length === 0 || nodes.length > MAX_WHOLE_NETWORK) return false
    const known = new Set([self, ...nodes].map(String))
    return [...named].every((peer) => known.has(peer))
  }

  peerRouting.getClosestPeers = async function* (key, options = {}) {
    if (options.isSelfQuery !== true && now() < wholeUntil) {
      yield* final(await peerRouting.getClosestPeersOffline(key), self, routingTable.kBucketSize)
      return
    }
    const named = new Set<string>()
    for await (const event of ask(key, options)) {
      if (event.name === 'PEER_RESPONSE') {
        for (const { id } of event.closer) named.add(id.toString())
      }
      yield event
    }
    // nobody answered, or not all who would have been asked were
    if (named.size === 0 || options.signal?.aborted === true) return
    wholeUntil = isWhole(named) ? now() + WHOLE_NETWORK_MS : -Infinity
  }
}

function* final(
  nearest: readonly PeerInfo[],
  from: PeerId,
  count: number,
): Generator<QueryEvent, void> {
  const peers = new Map(nearest.map((peer) => [peer.id.toString(), peer]))
  for (const peer of [...peers.values()].slice(0, count)) {
    yield { name: 'FINAL_PEER', type: EventTypes.FINAL_PEER, from, peer, path: NOWHERE }
  }
}
