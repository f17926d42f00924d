import { DHT_READY_MS, DHT_READY_POLL_MS } from './constants.ts'
import type { Libp2p } from '@libp2p/interface'

/** What any user of the DHT is given of it. */
export interface DhtComponents {
  readonly libp2p: Pick<Libp2p, 'getPeers'>
  /** There, though not in kad-dht's interface. */
  readonly dht: object & { readonly routingTable?: { readonly size: number } }
}

/** How many peers the DHT could ask right now. */
export function peersToAsk({ dht, libp2p }: DhtComponents): number {
  return dht.routingTable?.size ?? libp2p.getPeers().length
}

/**
 * Waits until the DHT knows somebody to ask. False when it, or the signal, has had its time and it does not: kad-dht
 * itself would wait for as long as the query may last, and a person would wait with it.
 */
export async function dhtReady(
  { dht, libp2p }: DhtComponents,
  signal: AbortSignal,
): Promise<boolean> {
  const knows = (): number => peersToAsk({ dht, libp2p })
  for (let waited = 0; knows() === 0 && waited < DHT_READY_MS; waited += DHT_READY_POLL_MS) {
    if (signal.aborted) return false
    await new Promise((resolve) => setTimeout(resolve, DHT_READY_POLL_MS))
  }
  return knows() > 0
}
