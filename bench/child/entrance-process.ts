/** The entrance and relay of somebody whom nobody can dial, and somebody who calls them there. */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { setTimeout as pause } from 'node:timers/promises'
import { startNodePeer, type Peer } from '../../src/node/node-peer.ts'
import { sharedNetworking } from '../../src/node/services.ts'
import { clockMs } from './clock.ts'
import { serve } from '../rpc/serve.ts'

const POLL_MS = 5
const TIMEOUT_MS = 30_000

let entrance: Peer | undefined

const methods = {
  /** Resolves with the address of the relay. */
  async start(): Promise<string> {
    entrance = await startNodePeer({
      dataDir: undefined,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootstrap: [],
      mdns: false,
    })
    return String(entrance.libp2p.getMultiaddrs()[0])
  },

  /** Resolves with when the next newcomer answered over the relay, on the clock of all processes. */
  async called(): Promise<number> {
    if (entrance === undefined) throw new RangeError('not started')
    const relay = entrance.libp2p
    const address = relay.getMultiaddrs()[0]
    const caller = await createLibp2p({
      ...sharedNetworking,
      addresses: { listen: [] },
      transports: [tcp(), circuitRelayTransport()],
      services: { identify: identify(), ping: ping() },
    })
    try {
      await caller.dial(relay.getMultiaddrs())
      const endAt = clockMs() + TIMEOUT_MS
      while (clockMs() < endAt) {
        const newcomer = relay.getPeers().find((peer) => !peer.equals(caller.peerId))
        const circuit = address?.encapsulate(`/p2p-circuit/p2p/${String(newcomer)}`)
        const answered =
          newcomer !== undefined &&
          circuit !== undefined &&
          (await caller.services.ping.ping(circuit, { runOnLimitedConnection: true }).then(
            () => true,
            () => false,
          ))
        if (answered) return clockMs()
        await pause(POLL_MS)
      }
      throw new Error('nobody can be reached')
    } finally {
      await caller.stop()
    }
  },
}

export type EntranceMethods = typeof methods

serve(methods)
