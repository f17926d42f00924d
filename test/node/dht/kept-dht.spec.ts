import { tcp } from '@libp2p/tcp'
import { expect } from 'chai'
import { createLibp2p } from 'libp2p'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { directory } from '../../../src/chat/directory/index.ts'
import { HAND_ON_AFTER_MS } from '../../../src/chat/directory/keeping/constants.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { dhtServices, sharedNetworking } from '../../../src/node/services.ts'
import { deterministicIdentity } from '../../../src/node/testnet/deterministic-identity.ts'
import { eventually } from '../../fixtures/wait-for.ts'
import type { Libp2p } from '@libp2p/interface'

describe('a node of the directory', function () {
  this.timeout(120_000)
  let now: number
  const started: Libp2p[] = []

  beforeEach(() => {
    now = Date.now()
  })

  afterEach(async () => {
    for (const libp2p of started.splice(0)) await libp2p.stop()
  })

  /** One that serves, or that only asks; connected to others. */
  async function start(name: string, clientMode: boolean, ...via: readonly { libp2p: Libp2p }[]) {
    const identity = await deterministicIdentity(name)
    const services = dhtServices({
      crypto: nodeCrypto,
      clientMode,
      now: () => now,
      onRefusal: () => undefined,
    })
    const libp2p = await createLibp2p({
      ...sharedNetworking,
      privateKey: identity.peerKey,
      addresses: { listen: clientMode ? [] : ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      services: { identify: identify(), ping: ping(), ...services },
    })
    started.push(libp2p)
    const { dht, keptDht } = libp2p.services
    const components = { libp2p, dht, logger: libp2p.logger, crypto: nodeCrypto }
    const names = directory(components, { identity, publish: clientMode })
    for (const other of via) await libp2p.dial(other.libp2p.getMultiaddrs())
    return { libp2p, identity, keptDht, names }
  }

  it('hands on what it keeps of somebody who is away, to whoever came since', async () => {
    const first = await start('first', false)
    const second = await start('second', false, first)
    const alice = await start('alice', true, first, second)
    const held = await eventually(async () => {
      const count = await alice.names.publish()
      if (count < 2) throw new RangeError(`${count} took the record`)
      return count
    })
    expect(held).to.equal(2)
    await alice.libp2p.stop()

    const newcomer = await start('newcomer', false, first, second)
    const bob = await start('bob', true, newcomer)
    await eventually(async () => {
      const { routingTable } = first.libp2p.services.dht as unknown as Innards
      if ((await routingTable.find(newcomer.libp2p.peerId)) === undefined) throw new RangeError()
    })
    now += HAND_ON_AFTER_MS
    await first.keptDht.upkeep()
    await Promise.all([first.libp2p.stop(), second.libp2p.stop()])

    const profile = await bob.names.findByFingerprint(alice.identity.fingerprint)
    expect(profile?.identity.peerId.toString()).to.equal(alice.libp2p.peerId.toString())
  })
})

interface Innards {
  readonly routingTable: { find: (peer: Libp2p['peerId']) => Promise<unknown> }
}
