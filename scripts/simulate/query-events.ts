import type { PeerId } from '@libp2p/interface'
import type { QueryEvent } from '@libp2p/kad-dht'

export interface QueryFigures {
  readonly hops: number
  readonly requests: number
  readonly tookMs: number
}

/**
 * Reads hops and requests from what kad-dht tells of a query, as the simulated one counts them. `known` are those that it
 * begins with: most of them wait for their turn, and others may name them meanwhile.
 */
export async function measureQuery(
  events: AsyncIterable<QueryEvent>,
  known: readonly PeerId[],
): Promise<QueryFigures> {
  const startedAt = performance.now()
  const depth = new Map<string, number>(known.map((peer) => [peer.toString(), 1]))
  let requests = 0
  let hops = 0
  for await (const event of events) {
    if (event.name === 'SEND_QUERY') requests++
    if (event.name === 'PEER_RESPONSE') {
      const next = (depth.get(event.from.toString()) ?? 1) + 1
      for (const { id } of event.closer) {
        if (!depth.has(id.toString())) depth.set(id.toString(), next)
      }
    }
    // the nearest comes first
    if (event.name === 'FINAL_PEER' && hops === 0) hops = depth.get(event.peer.id.toString()) ?? 1
  }
  return { hops, requests, tookMs: performance.now() - startedAt }
}
