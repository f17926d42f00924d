import type { QueryEvent } from '@libp2p/kad-dht'

export interface QueryFigures {
  readonly hops: number
  readonly requests: number
  readonly tookMs: number
}

/** Reads hops and requests from what kad-dht tells of a query, as the simulated one counts them. */
export async function measureQuery(events: AsyncIterable<QueryEvent>): Promise<QueryFigures> {
  const startedAt = performance.now()
  const depth = new Map<string, number>()
  let requests = 0
  let hops = 0
  for await (const event of events) {
    if (event.name === 'SEND_QUERY') {
      requests++
      // nobody named it: it was known from the start
      if (!depth.has(event.to.toString())) depth.set(event.to.toString(), 1)
    }
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
