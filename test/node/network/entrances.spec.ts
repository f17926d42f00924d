import { mock } from 'node:test'
import { defaultLogger } from '@libp2p/logger'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { Key } from 'interface-datastore'
import { TypedEventEmitter } from 'main-event'
import {
  LONELY_PAUSE_FACTOR,
  LONELY_PAUSE_FIRST_MS,
  LONELY_PAUSE_LAST_MS,
} from '../../../src/node/network/constants.ts'
import { Entrances } from '../../../src/node/network/entrances.ts'
import { person } from '../../chat/support/people.ts'
import { KAD_PROTOCOL } from '../../../src/node/services.ts'
import type { IdentifyResult, Libp2pEvents, PeerId } from '@libp2p/interface'

describe('the ways into the network', () => {
  let list: PeerId
  let other: PeerId
  let connected: Map<string, { remotePeer: PeerId; remoteAddr: Multiaddr; direction: string }>
  let dialled: string[]
  let answers: Set<string>
  let tagged: string[]
  let events: TypedEventEmitter<Libp2pEvents>
  let records: Map<string, Uint8Array>
  const running: Entrances[] = []

  before(async () => {
    list = (await person('bootstrap')).peerId
    other = (await person('other')).peerId
  })

  beforeEach(() => {
    connected = new Map()
    dialled = []
    answers = new Set()
    tagged = []
    events = new TypedEventEmitter()
    records = new Map()
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  })

  afterEach(() => {
    for (const entrances of running.splice(0)) entrances.stop()
    mock.timers.reset()
  })

  const addressOf = (peer: PeerId): string => `/ip4/192.0.2.1/tcp/5001/p2p/${peer.toString()}`

  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
  }

  function connect(peer: PeerId, direction = 'outbound'): void {
    const remoteAddr = multiaddr(addressOf(peer))
    connected.set(peer.toString(), { remotePeer: peer, remoteAddr, direction })
  }

  async function start(bootstrap: readonly string[]): Promise<Entrances> {
    const components = {
      events,
      datastore: {
        get: (key: Key) => Promise.resolve(records.get(key.toString())),
        put: (key: Key, value: Uint8Array) => Promise.resolve(records.set(key.toString(), value)),
      },
      logger: defaultLogger(),
      peerStore: {
        get: () => Promise.reject(new Error('unknown')),
        merge: (peer: PeerId) => Promise.resolve(tagged.push(peer.toString())),
      },
      connectionManager: {
        getConnections: (peer?: PeerId) =>
          [...connected.values()].filter(({ remotePeer }) => !peer || remotePeer.equals(peer)),
        openConnection: (addresses: readonly Multiaddr[]) => {
          const id = addresses[0]?.getComponents().at(-1)?.value ?? ''
          dialled.push(id)
          if (!answers.has(id)) return Promise.reject(new Error('nobody there'))
          connect(list.toString() === id ? list : other)
          return Promise.resolve()
        },
      },
    } as unknown as ConstructorParameters<typeof Entrances>[0]
    const entrances = new Entrances(components, { bootstrap, random: () => 0 })
    running.push(entrances)
    await entrances.start()
    entrances.afterStart()
    mock.timers.tick(0)
    await settled()
    return entrances
  }

  async function pass(ms: number): Promise<void> {
    mock.timers.tick(ms)
    await settled()
  }

  it('are tried at once, and again with longer and longer pauses, without end', async () => {
    await start([addressOf(list)])
    expect(dialled).to.have.lengthOf(1)
    for (let pause = LONELY_PAUSE_FIRST_MS, n = 2; n < 6; n++) {
      await pass(pause - 1)
      expect(dialled).to.have.lengthOf(n - 1)
      await pass(1)
      expect(dialled).to.have.lengthOf(n)
      pause = Math.min(LONELY_PAUSE_FACTOR * pause, LONELY_PAUSE_LAST_MS)
    }
  })

  it('are left alone once the list answers, which libp2p keeps alive from then on', async () => {
    answers.add(list.toString())
    await start([addressOf(list)])
    expect(tagged).to.deep.equal([list.toString()])
    await pass(LONELY_PAUSE_LAST_MS)
    expect(dialled).to.have.lengthOf(1)
    connected.clear()
    events.safeDispatchEvent('peer:disconnect', { detail: list })
    await pass(LONELY_PAUSE_FIRST_MS)
    expect(dialled).to.have.lengthOf(2)
  })

  it('are remembered: who was connected before is tried when the list is dead', async () => {
    const first = await start([])
    connect(other)
    await first.beforeStop()
    first.stop()
    connected.clear()
    answers.add(other.toString())
    await start([addressOf(list)])
    expect(dialled).to.deep.equal([list.toString(), other.toString()])
    expect(connected.has(other.toString())).to.equal(true)
    // the list goes on being tried, and nobody else
    await pass(LONELY_PAUSE_FIRST_MS)
    expect(dialled).to.deep.equal([list, other, list].map(String))
  })

  it('are tried while nobody is connected but who dialled us and only asks the DHT', async () => {
    const first = await start([])
    connect(other)
    await first.beforeStop()
    first.stop()
    connected.clear()
    await start([])
    expect(dialled).to.deep.equal([other.toString()])
    connect(list, 'inbound')
    const identified = (...protocols: string[]) => {
      const detail = { peerId: list, protocols } as unknown as IdentifyResult
      events.safeDispatchEvent('peer:identify', { detail })
    }
    identified('/ipfs/ping/1.0.0')
    await pass(LONELY_PAUSE_FIRST_MS)
    expect(dialled).to.have.lengthOf(2)
    identified(KAD_PROTOCOL)
    await pass(LONELY_PAUSE_LAST_MS)
    expect(dialled).to.have.lengthOf(2)
    connected.clear()
    events.safeDispatchEvent('peer:disconnect', { detail: list })
    await pass(LONELY_PAUSE_LAST_MS)
    expect(dialled).to.have.lengthOf(3)
  })

  it('are tried anew at once when the odds are new', async () => {
    const entrances = await start([addressOf(list)])
    await pass(LONELY_PAUSE_FIRST_MS)
    dialled = []
    entrances.hurry()
    await pass(0)
    expect(dialled).to.have.lengthOf(1)
  })

  it('survive a record that is not ours', async () => {
    for (const record of [
      '',
      '{}',
      '[{"peerId":"x","multiaddrs":["/"]}]',
      '[1,null,{"peerId":1}]',
    ]) {
      records.set(new Key('/sotto/entrances').toString(), new TextEncoder().encode(record))
      await start([])
      expect(dialled).to.deep.equal([])
    }
  })
})
