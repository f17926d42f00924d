import { mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { defaultLogger } from '@libp2p/logger'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { TypedEventEmitter } from 'main-event'
import {
  RELAY_PAUSE_FIRST_MS,
  RELAY_PAUSE_LAST_MS,
  RESERVATION_CHECK_MS,
} from '../../../src/node/network/constants.ts'
import { RelayReservations } from '../../../src/node/network/relay-reservations.ts'
import { person } from '../../chat/support/people.ts'
import type { Connection, Libp2pEvents, PeerId, Topology } from '@libp2p/interface'

/** Longer than what libp2p does by itself when a relay appears. */
const APPEARED_MS = 100

/** As libp2p keeps it: it goes on existing when its relay is gone. */
class FakeListener {
  address: Multiaddr | undefined
  readonly #accepts: (address: Multiaddr) => boolean

  constructor(accepts: (address: Multiaddr) => boolean) {
    this.#accepts = accepts
  }

  listen(address: Multiaddr): Promise<void> {
    if (!this.#accepts(address)) return Promise.reject(new Error('refused'))
    this.address = address
    return Promise.resolve()
  }

  getAddrs(): Multiaddr[] {
    return this.address === undefined ? [] : [this.address]
  }
}

describe('reservations at relays', () => {
  let relays: Map<string, { readonly id: PeerId; readonly connection: Connection }>
  let refusing: Set<string>
  let asked: string[]
  let listeners: FakeListener[]
  let topology: Topology
  let events: TypedEventEmitter<Libp2pEvents>
  let isReachable: boolean
  let now: number
  let reservations: RelayReservations

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
    relays = new Map()
    refusing = new Set()
    asked = []
    listeners = []
    events = new TypedEventEmitter()
    isReachable = false
    now = 0
  })

  afterEach(() => {
    reservations.stop()
    mock.timers.reset()
  })

  async function start(wanted: number): Promise<void> {
    const accepts = (address: Multiaddr): boolean => {
      const name = nameAt(address)
      asked.push(name)
      return !refusing.has(name)
    }
    const components: object = {
      events,
      logger: defaultLogger(),
      registrar: {
        register: (_protocol: string, given: Topology) => {
          topology = given
          return Promise.resolve('id')
        },
        unregister: () => undefined,
      },
      connectionManager: {
        getConnections: (peer: PeerId) =>
          [...relays.values()]
            .filter(({ id }) => id.equals(peer))
            .map(({ connection }) => connection),
      },
      transportManager: {
        getAddrs: () => listeners.flatMap((listener) => listener.getAddrs()),
        getListeners: () => [...listeners],
        listen: async ([address]: Multiaddr[]) => {
          const listener = new FakeListener(accepts)
          listeners.push(listener)
          if (address !== undefined) await listener.listen(address)
        },
      },
    }
    reservations = new RelayReservations(
      components as ConstructorParameters<typeof RelayReservations>[0],
      { wanted, isReachable: () => isReachable, now: () => now },
    )
    await reservations.start()
  }

  function nameAt(address: Multiaddr): string {
    const id = address.getComponents().find(({ name }) => name === 'p2p')?.value
    return [...relays].find(([, relay]) => relay.id.toString() === id)?.[0] ?? ''
  }

  async function appears(name: string): Promise<void> {
    const { peerId: id } = await person(name)
    const made: object = {
      remotePeer: id,
      remoteAddr: multiaddr(`/ip4/192.0.2.1/tcp/1/p2p/${id.toString()}`),
      status: 'open',
    }
    const connection = made as Connection
    relays.set(name, { id, connection })
    await topology.onConnect?.(id, connection)
    await pass(APPEARED_MS)
  }

  async function vanishes(name: string): Promise<void> {
    const relay = relays.get(name)
    relays.delete(name)
    for (const listener of listeners) {
      if (relay !== undefined && String(listener.address).includes(relay.id.toString())) {
        listener.address = undefined
      }
    }
    if (relay !== undefined) await topology.onDisconnect?.(relay.id)
    await pass(0)
  }

  async function pass(ms: number): Promise<void> {
    now += ms
    mock.timers.tick(ms)
    for (let n = 0; n < 5; n++) await turn()
  }

  it('are held at as many relays as wanted, and no more', async () => {
    await start(2)
    for (const name of ['one', 'two', 'three']) await appears(name)
    expect(asked).to.deep.equal(['one', 'two'])
    expect(reservations.held().size).to.equal(2)
    await pass(RESERVATION_CHECK_MS)
    expect(asked).to.have.lengthOf(2)
  })

  it('are not wanted by whoever can be dialled, until they cannot', async () => {
    await start(2)
    isReachable = true
    await appears('one')
    expect(asked).to.deep.equal([])
    isReachable = false
    await pass(RESERVATION_CHECK_MS)
    expect(asked).to.deep.equal(['one'])
  })

  it('move to another relay when one dies, through the listener that is idle', async () => {
    await start(1)
    await appears('one')
    await appears('two')
    await vanishes('one')
    expect(asked).to.deep.equal(['one', 'two'])
    expect(listeners).to.have.lengthOf(1)
    expect(reservations.held()).to.deep.equal(new Set([relays.get('two')?.id.toString()]))
  })

  it('are asked for again at a relay that comes back', async () => {
    await start(1)
    await appears('one')
    await vanishes('one')
    await appears('one')
    expect(asked).to.deep.equal(['one', 'one'])
  })

  it('are asked for elsewhere where a relay is full, which is left alone for longer and longer', async () => {
    await start(1)
    refusing.add('full')
    await appears('full')
    expect(asked).to.deep.equal(['full'])
    await pass(RELAY_PAUSE_FIRST_MS - 1)
    expect(asked).to.have.lengthOf(1)
    await pass(1)
    expect(asked).to.have.lengthOf(2)
    await pass(2 * RELAY_PAUSE_FIRST_MS - 2 * APPEARED_MS)
    expect(asked).to.have.lengthOf(2)
    await appears('free')
    expect(asked.slice(2)).to.deep.equal(['free'])
  })

  it('are never paused for longer than ten minutes, and not at all when the odds are new', async () => {
    await start(1)
    refusing.add('full')
    await appears('full')
    for (let n = 0; n < 20; n++) await pass(RELAY_PAUSE_LAST_MS)
    const before = asked.length
    expect(before).to.be.at.least(18)
    refusing.clear()
    reservations.forgive()
    await pass(0)
    expect(asked.length).to.equal(before + 1)
    expect(reservations.held().size).to.equal(1)
  })

  it('are asked for no more once it is stopped', async () => {
    await start(1)
    refusing.add('full')
    await appears('full')
    reservations.stop()
    await pass(RELAY_PAUSE_LAST_MS)
    expect(asked).to.have.lengthOf(1)
  })
})
