import { mock } from 'node:test'
import { defaultLogger } from '@libp2p/logger'
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { CHAT_PROTOCOL } from '../../../src/chat/direct/constants.ts'
import { upgradeBesideRelay } from '../../../src/node/network/upgrade-beside-relay.ts'
import { person } from '../../chat/support/people.ts'
import type { DCUtRServiceComponents } from '@libp2p/dcutr'
import type { Connection, Topology } from '@libp2p/interface'

const RELAY = '12D3KooWNYPN2hz1fQZcBLtaprTsxXVuhZWAq4mYBDbag7HG3meh'
const PUBLIC = '/ip4/11.1.0.2/tcp/5001'
const LATER_MS = 60_000

interface Service {
  start(): Promise<void>
}

describe('a direct connection that libp2p made beside a relayed one', () => {
  let closed: number
  let dialled: PromiseWithResolvers<undefined>
  let topology: Topology

  beforeEach(async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    closed = 0
    dialled = Promise.withResolvers()
    const components: object = {
      logger: defaultLogger(),
      peerStore: {
        get: () => Promise.resolve({ addresses: [{ multiaddr: multiaddr(PUBLIC) }] }),
      },
      registrar: {
        register: (_protocol: string, registered: Topology) => {
          topology = registered
          return Promise.resolve('id')
        },
        handle: () => Promise.resolve(),
      },
      transportManager: { dialTransportForMultiaddr: () => ({}) },
      connectionManager: {
        openConnection: () => {
          dialled.resolve(undefined)
          return Promise.resolve({ remoteAddr: multiaddr(PUBLIC) })
        },
      },
    }
    const service = upgradeBesideRelay()(components as DCUtRServiceComponents) as Service
    await service.start()
  })

  afterEach(() => {
    mock.timers.reset()
  })

  async function upgrade(protocols: readonly string[]): Promise<void> {
    const { peerId } = await person('bob')
    const relayed: object = {
      direction: 'inbound',
      remotePeer: peerId,
      remoteAddr: multiaddr(`${PUBLIC}/p2p/${RELAY}/p2p-circuit/p2p/${peerId.toString()}`),
      streams: protocols.map((protocol) => ({ protocol })),
      close: () => {
        closed++
        return Promise.resolve()
      },
    }
    void topology.onConnect?.(peerId, relayed as Connection)
    await dialled.promise
    // libp2p closes it in the turn after
    await new Promise((resolve) => setImmediate(resolve))
    mock.timers.tick(LATER_MS)
  }

  it('leaves the relayed one to the conversation on it', async () => {
    await upgrade([CHAT_PROTOCOL])
    expect(closed).to.equal(0)
  })

  it('ends the relayed one in a while when nobody talks on it', async () => {
    await upgrade(['/ipfs/id/1.0.0'])
    expect(closed).to.equal(1)
  })
})
