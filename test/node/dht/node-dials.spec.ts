import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { TypedEventEmitter } from 'main-event'
import { MAX_NODE_DIALS, REDIAL_PAUSE_FIRST_MS } from '../../../src/node/dht/constants.ts'
import { NodeDials, type NodeDialsComponents } from '../../../src/node/dht/node-dials.ts'
import type { Connection, Libp2pEvents, PeerId } from '@libp2p/interface'

const DIRECT = '/ip4/10.0.0.2/tcp/5001'

async function somebody(): Promise<PeerId> {
  return peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
}

/** Asserts the name of the error that a promise is rejected with. */
async function expectRejection(promise: Promise<unknown>, name: string): Promise<void> {
  const error: unknown = await promise.then(
    () => undefined,
    (err: unknown) => err,
  )
  expect(error).to.have.property('name', name)
}

/** What libp2p would give; its dials end when the test says so. */
class FakeNetwork {
  readonly dialled: string[] = []
  readonly events = new TypedEventEmitter<Libp2pEvents>()
  connections: Partial<Connection>[] = []
  known = [DIRECT]
  #dial = Promise.withResolvers<Connection>()

  /** Every dial under way comes to this. */
  async end(error?: Error): Promise<void> {
    const dial = this.#dial
    this.#dial = Promise.withResolvers()
    if (error === undefined) {
      const connection = { status: 'open' } as Connection
      this.connections.push(connection)
      dial.resolve(connection)
    } else dial.reject(error)
    await new Promise((resolve) => setTimeout(resolve))
  }

  components(): NodeDialsComponents {
    return {
      events: this.events,
      connectionGater: {},
      connectionManager: { getConnections: () => this.connections },
      peerStore: {
        get: () =>
          Promise.resolve({
            addresses: this.known.map((address) => ({ multiaddr: multiaddr(address) })),
          }),
      },
      transportManager: {
        getAddrs: () => [],
        dialTransportForMultiaddr: () => ({}),
        dial: (address: unknown) => {
          this.dialled.push(String(address))
          return this.#dial.promise
        },
      },
    } as unknown as NodeDialsComponents
  }
}

describe('dials of the DHT', () => {
  let network: FakeNetwork
  let node: PeerId
  let now: number
  let dials: NodeDials

  beforeEach(async () => {
    network = new FakeNetwork()
    node = await somebody()
    now = 0
    dials = new NodeDials(network.components(), () => now)
  })

  it('go on when whoever asked has given up, and serve whoever asks next', async () => {
    const impatient = new AbortController()
    const first = dials.reach(node, impatient.signal)
    impatient.abort(new Error('no time'))
    await expectRejection(first, 'Error')
    const second = dials.reach(node)
    await network.end()
    await second
    await dials.reach(node)
    expect(network.dialled).to.deep.equal([`${DIRECT}/p2p/${node.toString()}`])
  })

  it('are not begun again soon after one failed, unless the network is back', async () => {
    const first = dials.reach(node)
    first.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve))
    await network.end(new Error('refused'))
    await expectRejection(first, 'NoWayError')
    await expectRejection(dials.reach(node), 'DialPutOffError')
    now += REDIAL_PAUSE_FIRST_MS
    const later = dials.reach(node)
    later.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve))
    await network.end(new Error('refused'))
    await expectRejection(later, 'NoWayError')

    await expectRejection(dials.reach(node), 'DialPutOffError')
    const other = { status: 'closed' } as Connection
    network.connections = [other]
    network.events.safeDispatchEvent('connection:open', { detail: other })
    const anew = dials.reach(node)
    await new Promise((resolve) => setTimeout(resolve))
    await network.end()
    await anew
    expect(network.dialled).to.have.length(3)
  })

  it('take no circuit, and no connection over one for enough', async () => {
    network.connections = [{ status: 'open', limits: { seconds: 60 } }]
    network.known = [`${DIRECT}/p2p/${(await somebody()).toString()}/p2p-circuit`]
    await expectRejection(dials.reach(node), 'NoDirectAddressError')
    expect(network.dialled).to.have.length(0)
  })

  it('are of so many nodes at once', async () => {
    for (let count = 0; count < MAX_NODE_DIALS; count++) {
      dials.reach(await somebody()).catch(() => undefined)
    }
    await expectRejection(dials.reach(node), 'DialPutOffError')
  })
})
