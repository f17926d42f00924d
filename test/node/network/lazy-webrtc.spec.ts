import { mock } from 'node:test'
import { defaultLogger } from '@libp2p/logger'
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { lazyWebRtc } from '../../../src/node/network/lazy-webrtc.ts'
import { person } from '../../chat/support/people.ts'
import type { Connection, Stream, StreamHandler, Transport } from '@libp2p/interface'

const SIGNALLING = '/webrtc-signaling/0.0.1'
const MAX_PENDING_OFFERS = 16

type StartableTransport = Transport & {
  start?: () => Promise<void>
  stop?: () => Promise<void>
  afterStop?: () => Promise<void>
}
const OFFER_TIMEOUT_MS = 30_000

describe('WebRTC that is loaded when it is needed', () => {
  let handlers: Map<string, StreamHandler>
  let transport: StartableTransport
  let make: () => StartableTransport
  let released: number
  let aborted: string[]

  beforeEach(async () => {
    handlers = new Map()
    aborted = []
    const { peerId } = await person('alice')
    const components: object = {
      peerId,
      logger: defaultLogger(),
      registrar: {
        handle: (protocol: string, handler: StreamHandler) => {
          handlers.set(protocol, handler)
          return Promise.resolve()
        },
        unhandle: (protocol: string) => {
          handlers.delete(protocol)
          return Promise.resolve()
        },
      },
    }
    // whoever waits for servers has not made a connection yet
    const iceServers = () => new Promise<RTCIceServer[]>(() => undefined)
    released = 0
    const release = (): Promise<void> => {
      released++
      return Promise.resolve()
    }
    make = () =>
      lazyWebRtc({ iceServers, release })(
        components as Parameters<ReturnType<typeof lazyWebRtc>>[0],
      )
    transport = make()
    await transport.start?.()
  })

  afterEach(async () => {
    mock.timers.reset()
    await transport.stop?.()
    await transport.afterStop?.()
  })

  /** Somebody makes an offer; resolves with how to end its stream. */
  function offer(): () => void {
    let end = (): void => undefined
    const stream: object = {
      addEventListener: (_type: string, listener: () => void) => {
        end = listener
      },
      abort: ({ message }: Error) => aborted.push(message),
    }
    void handlers.get(SIGNALLING)?.(stream as Stream, {} as Connection)
    return () => {
      end()
    }
  }

  it('takes addresses that lead over a relay to WebRTC, and no others', () => {
    const relay = '/ip4/192.0.2.1/tcp/1/p2p/12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'
    const addresses = [`${relay}/p2p-circuit/webrtc`, `${relay}/p2p-circuit`, relay]
    const dialled = transport.dialFilter(addresses.map((address) => multiaddr(address)))
    expect(dialled.map(String)).to.deep.equal([addresses[0]])
    expect(transport.listenFilter(dialled)).to.deep.equal([])
    expect(() => transport.createListener({} as never)).to.throw(TypeError)
  })

  it('answers so many offers at once, and another when one is done', async () => {
    const ends = Array.from({ length: MAX_PENDING_OFFERS }, offer)
    expect(aborted).to.deep.equal([])
    offer()
    expect(aborted).to.deep.equal(['too many offers'])
    ends[0]?.()
    await Promise.resolve()
    offer()
    expect(aborted).to.have.lengthOf(1)
  })

  it('gives a place back after a while whatever became of the offer', async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    for (let n = 0; n < MAX_PENDING_OFFERS; n++) offer()
    mock.timers.tick(OFFER_TIMEOUT_MS)
    await Promise.resolve()
    offer()
    expect(aborted).to.deep.equal([])
  })

  it('lets go of what it loaded when the last peer that used it has stopped', async () => {
    const other = make()
    offer()
    // whoever never used it keeps nothing, and holds nobody up
    await make().afterStop?.()
    expect(released).to.equal(0)
    void other.dial(multiaddr('/ip4/192.0.2.1/tcp/1'), {} as never)
    await transport.afterStop?.()
    expect(released).to.equal(0)
    await other.afterStop?.()
    expect(released).to.equal(1)
  })

  it('answers nobody once it is stopped', async () => {
    await transport.stop?.()
    expect([...handlers.keys()]).to.deep.equal([])
  })
})
