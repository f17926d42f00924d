import { canDial } from '../network/dial-address.ts'
import type { NodeDials, NodeDialsComponents } from './node-dials.ts'
import type { ConnectionManager } from '@libp2p/interface-internal'
import type { KadDHTComponents } from '@libp2p/kad-dht'
import type { PeerId } from '@libp2p/interface'

/**
 * What kad-dht asks nodes through, with connections by `dials` and no dialling of libp2p's own. It takes a node into its
 * routing table when a single ping is answered in two seconds, and tries no more while the node stays connected: on a line
 * that loses much a peer had connections and nobody to ask. Here a connection is answer enough; one that is dead ends.
 */
export function dialling(
  components: NodeDialsComponents,
  dials: Pick<NodeDials, 'reach'>,
): Pick<KadDHTComponents, 'connectionManager' | 'ping'> {
  const { connectionManager: manager } = components
  const connectionManager: ConnectionManager = {
    getConnections: (peer) => manager.getConnections(peer),
    getConnectionsMap: () => manager.getConnectionsMap(),
    getMaxConnections: () => manager.getMaxConnections(),
    setMaxConnections: (count) => {
      manager.setMaxConnections(count)
    },
    openConnection: (peer, options) => manager.openConnection(peer, options),
    async openStream(node, protocol, options) {
      await dials.reach(node as PeerId, options?.signal)
      return manager.openStream(node, protocol, options)
    },
    closeConnections: (peer, options) => manager.closeConnections(peer, options),
    acceptIncomingConnection: (connection) => manager.acceptIncomingConnection(connection),
    afterUpgradeInbound: () => {
      manager.afterUpgradeInbound()
    },
    getDialQueue: () => manager.getDialQueue(),
    // kad-dht asks it of each node that an answer names; libp2p parses, sorts and resolves all addresses for that
    isDialable: (addresses) =>
      Promise.resolve([addresses].flat().some((address) => canDial(components, address))),
  }
  return {
    connectionManager,
    ping: {
      async ping(node, options) {
        await dials.reach(node as PeerId, options?.signal)
        return 0
      },
    },
  }
}
