import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { delivered, eventually, received, waitFor } from '../fixtures/wait-for.ts'
import { freePort, startTcpProxy, type TcpProxy } from '../fixtures/tcp-proxy.ts'
import type { ChatCore } from '../../src/chat/chat-core.ts'
import type { Peer } from '../../src/node/node-peer.ts'

/** Nobody can dial it: it is reached through relays, and by WebRTC. */
const BEHIND_NAT = { listen: [], reservations: 2 } as const

/** Its key is nobody's. */
const DEAD_PEER = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'

describe('the ways to a person', () => {
  let net: Testnet<string>
  let proxy: TcpProxy | undefined

  afterEach(async () => {
    await net.stop()
    await proxy?.stop()
    proxy = undefined
  })

  const hasReservations = (peer: Peer, count: number): Promise<void> =>
    eventually(() => {
      const circuits = peer.libp2p
        .getMultiaddrs()
        .filter((address) => address.toString().includes('/p2p-circuit'))
      const relays = new Set(circuits.map((address) => address.toString().split('/p2p/')[1]))
      if (relays.size < count) throw new Error(`${relays.size} reservations`)
      return Promise.resolve()
    })

  const pathOf = (chat: ChatCore, other: ChatCore): string => {
    const link = chat.conversations().find(({ id }) => id === other.self.fingerprint)?.link
    return link?.state === 'secure' ? `${link.path} ${String(link.transport)}` : (link?.state ?? '')
  }

  /** Sends `count` messages with pauses, while `fault` happens in the middle; each has to arrive once. */
  async function talkThrough(
    from: ChatCore,
    to: ChatCore,
    fault: () => unknown,
    count = 40,
  ): Promise<void> {
    const texts = Array.from({ length: count }, (_, index) => `message ${index}`)
    const last = received(to, texts.at(-1)!, 20_000)
    for (const [index, text] of texts.entries()) {
      if (index === count / 2) await fault()
      await from.send(to.self.fingerprint, text)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await last
    await eventually(async () => {
      const arrived = await to.messages(from.self.fingerprint)
      const own = arrived.filter(({ outgoing }) => !outgoing).map(({ text }) => text)
      expect([...own].sort()).to.deep.equal([...texts].sort())
      expect(new Set(own).size).to.equal(own.length)
    })
  }

  it('meets over a relay and moves to WebRTC without losing or doubling a message', async () => {
    net = await createTestnet({ peers: [] })
    const alice = await net.add('alice', BEHIND_NAT)
    const bob = await net.add('bob', BEHIND_NAT)
    await Promise.all([alice, bob].map((peer) => hasReservations(peer, 1)))
    await alice.chat.lookup(bob.chat.self.peerId)
    const relayed = waitFor(
      alice.chat,
      'conversation:change',
      ({ link }) => link.state === 'secure' && link.path === 'relayed',
    )
    const better = waitFor(
      alice.chat,
      'conversation:change',
      ({ link }) => link.state === 'secure' && link.holePunched === true,
      15_000,
    )
    await Promise.all([talkThrough(alice.chat, bob.chat, () => better), relayed])
    expect(pathOf(alice.chat, bob.chat)).to.equal('direct webrtc')
    await eventually(() => {
      expect(pathOf(bob.chat, alice.chat)).to.equal('direct webrtc')
      return Promise.resolve()
    })
  })

  it('moves from a relay to an address that begins to answer', async () => {
    const alice = await aliceBehindProxy('closed')
    const bob = await net.add('bob', { ...BEHIND_NAT, webRtc: false })
    // she tells only what she announces; he comes through the relay that both use
    await eventually(() => bob.chat.lookup(alice.chat.self.peerId))
    // the directory may have told who she is before she answered
    await eventually(() => bob.chat.connect(alice.chat.self.fingerprint))
    expect(pathOf(bob.chat, alice.chat)).to.match(/^relayed/u)
    const direct = waitFor(
      bob.chat,
      'conversation:change',
      ({ link }) => link.state === 'secure' && link.path === 'direct',
      15_000,
    )
    await talkThrough(bob.chat, alice.chat, () => {
      if (proxy !== undefined) proxy.mode = 'open'
      bob.network.doubt('online')
      return direct
    })
    expect(pathOf(bob.chat, alice.chat)).to.equal('direct tcp')
  })

  it('goes on through another relay when the one in use dies in the middle', async () => {
    net = await createTestnet({ peers: [] })
    const second = await net.add('second relay')
    const alice = await net.add('alice', { ...BEHIND_NAT, webRtc: false })
    const bob = await net.add('bob', { ...BEHIND_NAT, webRtc: false })
    for (const peer of [alice, bob]) await peer.libp2p.dial(second.libp2p.getMultiaddrs())
    await Promise.all([alice, bob].map((peer) => hasReservations(peer, 2)))
    await alice.chat.lookup(bob.chat.self.peerId)
    await alice.chat.connect(bob.chat.self.fingerprint)
    expect(pathOf(alice.chat, bob.chat)).to.match(/^relayed/u)
    const link = alice.chat.conversations()[0]?.link
    const used = link?.state === 'secure' ? link.multiaddr : ''
    const relays = [net.relay!, second]
    const dying = relays.find(({ libp2p }) => used.includes(`${String(libp2p.peerId)}/p2p-circuit`))
    await talkThrough(alice.chat, bob.chat, () => dying?.stop())
    expect(pathOf(alice.chat, bob.chat)).to.match(/^relayed/u)
  })

  it('gets its reservation back when the relay comes back', async () => {
    net = await createTestnet({ peers: [], relay: false })
    const relay = await net.add('relay')
    const listen = relay.libp2p.getMultiaddrs().map((address) => {
      return address.toString().split('/p2p/')[0] ?? ''
    })
    const bob = await net.add('bob', BEHIND_NAT)
    await hasReservations(bob, 1)
    await relay.stop()
    await eventually(() => {
      expect(bob.libp2p.getMultiaddrs()).to.deep.equal([])
      return Promise.resolve()
    })
    await net.add('relay', { listen, bootstrap: [] })
    await hasReservations(bob, 1)
  })

  it('takes another relay where one is full', async () => {
    net = await createTestnet({ peers: [], relay: false })
    const full = await net.add('full relay', { relayPlaces: 0 })
    const free = await net.add('free relay')
    const bob = await net.add('bob', { ...BEHIND_NAT, reservations: 1 })
    await bob.libp2p.dial(free.libp2p.getMultiaddrs())
    await hasReservations(bob, 1)
    const addresses = bob.libp2p.getMultiaddrs().join(' ')
    expect(addresses).to.contain(`${String(free.libp2p.peerId)}/p2p-circuit`)
    expect(addresses).not.to.contain(`${String(full.libp2p.peerId)}/p2p-circuit`)
  })

  function silence(): void {
    if (proxy !== undefined) proxy.mode = 'silent'
  }

  /** Alice, whose one address leads through a proxy that can fall silent. */
  async function aliceBehindProxy(mode: TcpProxy['mode'] = 'open'): Promise<Peer> {
    net = await createTestnet({ peers: [] })
    const port = await freePort()
    proxy = await startTcpProxy(port)
    proxy.mode = mode
    return net.add('alice', {
      listen: [`/ip4/127.0.0.1/tcp/${port}`],
      announce: [`/ip4/127.0.0.1/tcp/${proxy.port}`],
      reservations: 1,
      webRtc: false,
    })
  }

  it('notices a connection that swallows what is sent, and takes another path', async () => {
    const alice = await aliceBehindProxy()
    const bob = await net.add('bob', { listen: [], reservations: 1, webRtc: false })
    await hasReservations(bob, 1)
    await bob.chat.lookup(alice.chat.self.multiaddrs[0]!)
    expect(pathOf(bob.chat, alice.chat)).to.equal('direct tcp')
    const began = performance.now()
    await talkThrough(bob.chat, alice.chat, silence)
    // three seconds to notice, and a new path; the rest is a slow machine's
    expect(performance.now() - began).to.be.below(12_000)
  })

  it('asks on every connection after a sleep, and comes back at once', async () => {
    const alice = await aliceBehindProxy()
    const bob = await net.add('bob', { listen: [], reservations: 1, webRtc: false })
    await hasReservations(bob, 1)
    await bob.chat.lookup(alice.chat.self.multiaddrs[0]!)
    const back = waitFor(
      bob.chat,
      'conversation:change',
      ({ link }) => link.state === 'secure' && link.path === 'relayed',
    )
    silence()
    // what a watch of the clocks tells: nothing waits to be sent, so nothing else would notice
    bob.network.doubt('sleep')
    await back
  })

  it('delivers what waited when the other side was restarted elsewhere', async () => {
    net = await createTestnet({ peers: ['alice', 'bob'] })
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    await alice.lookup('bob')
    await alice.connect(bob.self.fingerprint)
    await net.peer('bob').stop()
    const delivery = delivered(alice, 'are you back?', 20_000)
    await alice.send(bob.self.fingerprint, 'are you back?')
    const again = await net.add('bob')
    await again.chat.register('bob')
    await delivery
    const texts = (await again.chat.messages(alice.self.fingerprint)).map(({ text }) => text)
    expect(texts.filter((text) => text !== '')).to.deep.equal(['are you back?'])
  })

  it('comes back through the peers of before when the bootstrap list is dead', async () => {
    net = await createTestnet({ peers: [] })
    const dataDir = await mkdtemp(path.join(tmpdir(), 'sotto-entrances-'))
    try {
      const first = await net.add('bob', { dataDir })
      await first.stop()
      const again = await net.add('bob', {
        dataDir,
        bootstrap: [`/ip4/127.0.0.1/tcp/9/p2p/${DEAD_PEER}`],
      })
      expect(again.libp2p.getPeers().map(String)).to.include(net.relay?.chat.self.peerId)
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})
