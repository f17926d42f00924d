import type { DhtInnards } from './dht-innards.ts'
import type { PeerId } from '@libp2p/interface'

/**
 * Lets go of nodes that do not answer and have no connection with us. kad-dht keeps them in its routing table until their
 * bucket is full, asks them again in every query and names them to others. Whoever is back is met again; who is connected
 * would not be.
 */
export function forgetSilent(
  { network, routingTable }: Pick<DhtInnards, 'network' | 'routingTable'>,
  isConnected: (peer: PeerId) => boolean,
): void {
  const send = network.sendRequest.bind(network)
  network.sendRequest = async function* (to, message, options) {
    for await (const event of send(to, message, options)) {
      // a query that has ended gives up on everybody it still waits for
      const isOver = options.signal?.aborted === true
      if (event.name === 'QUERY_ERROR' && !isOver && !isConnected(to)) await routingTable.remove(to)
      yield event
    }
  }
}
