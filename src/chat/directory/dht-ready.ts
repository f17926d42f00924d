import { DHT_READY_MS, DHT_READY_POLL_MS } from './constants.ts'
import type { DirectoryComponents } from './index.ts'

/**
 * Resolves when the DHT knows somebody to ask, or when it has had its time to. A query before that finds nothing, and
 * kad-dht's own way of waiting, for its first look-up of itself to end, has been seen to wait for ever.
 */
export async function dhtReady(
  { dht, libp2p }: Pick<DirectoryComponents, 'dht' | 'libp2p'>,
  signal: AbortSignal,
): Promise<void> {
  const knows = (): number => dht.routingTable?.size ?? libp2p.getPeers().length
  for (let waited = 0; knows() === 0 && waited < DHT_READY_MS; waited += DHT_READY_POLL_MS) {
    signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, DHT_READY_POLL_MS))
  }
}
