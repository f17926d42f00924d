/**
 * The libp2p node of somebody who gives no address out: it listens nowhere, dials nobody but the entrances that its user
 * named, and is reached, and reaches others, over those as relays. docs/decisions/anonymous.md
 */
import { defaultLogger } from '@libp2p/logger'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { createLibp2p } from 'libp2p'
import { nodeCrypto } from './crypto/node-crypto.ts'
import { onlyOver, onlyRelayed } from './network/anonymity.ts'
import { WANTED_RESERVATIONS } from './network/constants.ts'
import { InboundLimits } from './network/limits/inbound-limits.ts'
import { limitedCircuits } from './network/limits/limited-circuits.ts'
import { networkService } from './network/network-service.ts'
import { privateNetwork } from './network/private-network.ts'
import { watchNodeNetwork } from './network/watch-node.ts'
import { sharedConnections, sharedNetworking, sharedServices } from './services.ts'
import type { Identity } from '../chat/identity/identity.ts'
import type { NodeNetworkOptions } from './create-node.ts'

/** @throws NetworkFileError */
export async function createAnonymousNode(
  { bootstrap, networkKeyFile }: Pick<NodeNetworkOptions, 'bootstrap' | 'networkKeyFile'>,
  identity: Identity,
) {
  const limits = new InboundLimits()
  return createLibp2p({
    ...sharedNetworking,
    privateKey: identity.peerKey,
    ...(networkKeyFile !== undefined && {
      connectionProtector: await privateNetwork(networkKeyFile),
    }),
    addresses: { listen: [], announceFilter: onlyRelayed },
    transports: [tcp(), webSockets(), limitedCircuits(limits)],
    connectionManager: sharedConnections,
    connectionGater: { ...limits.gater, ...onlyOver(bootstrap) },
    services: {
      ...sharedServices({ crypto: nodeCrypto, dhtClient: true, limits }),
      network: networkService({
        bootstrap,
        announce: [],
        reservations: WANTED_RESERVATIONS,
        lan: false,
        canOffer: false,
        watch: watchNodeNetwork,
        limits,
      }),
    },
    logger: defaultLogger(),
  })
}
