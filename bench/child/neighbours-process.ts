/** A process full of peers that are connected to a node and want nothing of it. */
import { createLibp2p } from 'libp2p'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { InboundLimits } from '../../src/node/network/limits/inbound-limits.ts'
import { sharedNetworking, sharedServices } from '../../src/node/services.ts'
import { serve } from '../rpc/serve.ts'

/** A machine that is busy with all of them at once answers none of them fast. */
const PATIENCE_MS = 50_000

const networking = {
  ...sharedNetworking,
  transports: [tcp()],
  addresses: { listen: [] },
  connectionManager: { dialTimeout: PATIENCE_MS, addressDialTimeout: PATIENCE_MS },
}

/** What a page in a browser runs: a client of the DHT, a member of the rooms' mesh. */
const neighbour = () =>
  createLibp2p({
    ...networking,
    services: sharedServices({
      crypto: nodeCrypto,
      dhtClient: true,
      limits: new InboundLimits(),
    }),
  })

/** The least that stays connected. */
const bystander = () =>
  createLibp2p({ ...networking, services: { identify: identify(), ping: ping() } })

const methods = {
  /** Resolves when so many are connected. */
  async join(address: string, count: number, kind: 'neighbour' | 'bystander'): Promise<void> {
    for (let n = 0; n < count; n++) {
      const peer = await (kind === 'neighbour' ? neighbour() : bystander())
      await peer.dial(multiaddr(address))
    }
  },
}

export type NeighbourMethods = typeof methods

serve(methods)
