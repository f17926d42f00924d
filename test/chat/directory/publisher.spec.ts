import { mock } from 'node:test'
import { defaultLogger } from '@libp2p/logger'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { TypedEventEmitter } from 'main-event'
import {
  GROWTH_DEBOUNCE_MS,
  PROFILE_LIFETIME_MS,
  PUBLISH_DEBOUNCE_MS,
  REPUBLISH_FIRST_RETRY_MS,
  REPUBLISH_INTERVAL_MS,
} from '../../../src/chat/directory/constants.ts'
import { directory, type Directory } from '../../../src/chat/directory/index.ts'
import { nameCid } from '../../../src/chat/directory/name-cid.ts'
import { profileTimes } from '../../../src/chat/directory/profile-record.ts'
import { peerKey, profileKey } from '../../../src/chat/directory/records.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { NOW } from '../support/channels.ts'
import { person, type TestPerson } from '../support/people.ts'
import type { DirectoryComponents } from '../../../src/chat/directory/index.ts'
import type { Libp2pEvents } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

describe('our own profile', () => {
  let alice: TestPerson
  let now: number
  /** Records that went out, by key; and names that did, and were withdrawn. */
  let put: { readonly key: string; readonly record: Uint8Array }[]
  let names: string[]
  let takers: number
  let peers: number
  let addresses: Multiaddr[]
  let events: TypedEventEmitter<Libp2pEvents>
  const running: Directory[] = []

  before(async () => {
    alice = await person('alice')
  })

  beforeEach(() => {
    now = NOW
    put = []
    names = []
    takers = 20
    peers = 4
    addresses = []
    events = new TypedEventEmitter()
    mock.timers.enable({ apis: ['setTimeout'] })
  })

  afterEach(async () => {
    mock.timers.reset()
    for (const one of running.splice(0)) await one.stop()
  })

  function start(publish = true): Directory {
    const dht = {
      routingTable: { size: 20 },
      async *put(key: Uint8Array, record: Uint8Array) {
        put.push({ key: new TextDecoder().decode(key), record })
        await Promise.resolve()
        for (let n = 0; n < takers; n++) yield { name: 'PEER_RESPONSE', messageName: 'PUT_VALUE' }
      },
      async *provide(cid: CID) {
        names.push(cid.toString())
        yield* await Promise.resolve([])
      },
      cancelReprovide: (cid: CID) => Promise.resolve(names.push(`not ${cid.toString()}`)),
    }
    const libp2p = {
      peerId: alice.peerId,
      getMultiaddrs: () => addresses,
      getPeers: () => Array.from({ length: peers }),
      addEventListener: events.addEventListener.bind(events),
      removeEventListener: events.removeEventListener.bind(events),
    }
    const components = { libp2p, dht, logger: defaultLogger(), crypto: nodeCrypto }
    const own = directory(components as unknown as DirectoryComponents, {
      identity: alice.identity,
      now: () => now,
      publish,
    })
    running.push(own)
    own.start()
    return own
  }

  async function pass(ms: number): Promise<void> {
    now += ms
    mock.timers.tick(ms)
    // nothing leaves the thread: what follows is promises
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
  }

  const metSomebody = () => {
    events.safeDispatchEvent('peer:identify', { detail: {} as never })
  }

  it('is published under both keys from the start, and each hour anew, long before it expires', async () => {
    start()
    await pass(PUBLISH_DEBOUNCE_MS)
    const keys = [profileKey(alice.identity.fingerprint), peerKey(alice.peerId)]
    expect(put.map(({ key }) => key).sort()).to.deep.equal(
      keys.map((key) => new TextDecoder().decode(key)).sort(),
    )
    for (let hour = 1; hour <= 3; hour++) {
      const before = profileTimes(put.at(-1)?.record ?? new Uint8Array())
      await pass(REPUBLISH_INTERVAL_MS - 1)
      expect(put).to.have.lengthOf(2 * hour)
      await pass(1)
      expect(put).to.have.lengthOf(2 * hour + 2)
      const after = profileTimes(put.at(-1)?.record ?? new Uint8Array())
      expect(after.sequence > before.sequence).to.equal(true)
      expect(Number(after.expiresAt)).to.equal(now + PROFILE_LIFETIME_MS)
      expect(Number(before.expiresAt)).to.be.above(now + PROFILE_LIFETIME_MS / 2)
    }
  })

  it('is offered again soon when nobody took it, and less and less often', async () => {
    takers = 0
    start()
    await pass(PUBLISH_DEBOUNCE_MS)
    for (let pause = 2 * REPUBLISH_FIRST_RETRY_MS, n = 2; n < 6; n++, pause *= 2) {
      await pass(pause - 1)
      expect(put).to.have.lengthOf(2 * (n - 1))
      await pass(1)
      expect(put).to.have.lengthOf(2 * n)
    }
  })

  it('is published anew when the network has doubled, and not for a single newcomer', async () => {
    start()
    await pass(PUBLISH_DEBOUNCE_MS)
    peers = 7
    metSomebody()
    await pass(PUBLISH_DEBOUNCE_MS)
    expect(put).to.have.lengthOf(2)
    peers = 8
    metSomebody()
    await pass(GROWTH_DEBOUNCE_MS - 1)
    expect(put).to.have.lengthOf(2)
    peers = 15
    metSomebody()
    await pass(1)
    expect(put).to.have.lengthOf(4)
    await pass(GROWTH_DEBOUNCE_MS)
    expect(put, 'once for all who came meanwhile').to.have.lengthOf(4)
  })

  it('is published anew when our addresses change, and not when libp2p says the same again', async () => {
    start()
    await pass(PUBLISH_DEBOUNCE_MS)
    events.safeDispatchEvent('self:peer:update', { detail: {} as never })
    await pass(PUBLISH_DEBOUNCE_MS)
    expect(put).to.have.lengthOf(2)
    addresses = [multiaddr('/ip4/192.0.2.1/tcp/5001')]
    events.safeDispatchEvent('self:peer:update', { detail: {} as never })
    await pass(PUBLISH_DEBOUNCE_MS)
    expect(put).to.have.lengthOf(4)
  })

  it('goes by its name, and by the one before no longer', async () => {
    const own = start()
    own.setName('Alice')
    await pass(PUBLISH_DEBOUNCE_MS)
    own.setName('Alicia')
    await pass(PUBLISH_DEBOUNCE_MS)
    const [first, second] = await Promise.all([nameCid('Alice'), nameCid('Alicia')])
    expect(names).to.deep.equal([String(first), `not ${String(first)}`, String(second)])
  })

  it('goes nowhere when nothing is to be published', async () => {
    const own = start(false)
    own.setName('Alice')
    await pass(REPUBLISH_INTERVAL_MS)
    expect(await own.publish()).to.equal(0)
    expect([...put, ...names]).to.deep.equal([])
  })
})
