import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { startNodePeer, type Peer } from '../../src/node/node-peer.ts'
import { received, waitFor } from '../fixtures/wait-for.ts'
import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

const isRelayed = (address: Multiaddr): boolean => address.toString().includes('/p2p-circuit')

describe('an anonymous peer', function () {
  this.timeout(60_000)
  let net: Testnet<'alice' | 'carol'>
  let anon: Peer
  /** What the others were told by identify, and saw of connections. */
  let identified: Multiaddr[]
  let connections: Connection[]

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice'], strangers: 'request' })
    const carol = { reservations: 1, strangers: 'request' } as const
    await net.add('carol', carol)
    identified = []
    connections = []
    anon = await startNodePeer({
      dataDir: undefined,
      anonymous: true,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootstrap: net.bootstrap.slice(0, 1),
      mdns: true,
    })
    for (const name of ['alice', 'carol'] as const) watch(net.peer(name))
    await reserved(anon)
  })
  afterEach(async () => {
    await anon.stop()
    await net.stop()
  })

  function watch({ libp2p }: Peer): void {
    libp2p.addEventListener('peer:identify', ({ detail }) => {
      if (detail.peerId.equals(anon.libp2p.peerId)) identified.push(...detail.listenAddrs)
    })
    libp2p.addEventListener('connection:open', ({ detail }) => {
      if (detail.remotePeer.equals(anon.libp2p.peerId)) connections.push(detail)
    })
  }

  async function reserved({ libp2p }: Peer): Promise<void> {
    while (!libp2p.getMultiaddrs().some(isRelayed)) {
      await new Promise((resolve) => {
        libp2p.addEventListener('self:peer:update', resolve, { once: true })
      })
    }
  }

  /** Alice, who was given the relayed address, writes; the anonymous one accepts and answers. */
  async function talk(): Promise<void> {
    const [alice, { fingerprint }] = [net.peer('alice').chat, anon.chat.self]
    const [address = ''] = anon.chat.self.multiaddrs
    await alice.lookup(address)
    const asked = waitFor(anon.chat, 'conversation:change', ({ request }) => request === true)
    await alice.send(fingerprint, 'who is there?')
    await asked
    await anon.chat.acceptRequest(alice.self.fingerprint)
    const long = 'nobody you know '.repeat(2000)
    const answered = received(alice, long, 30_000)
    await anon.chat.send(alice.self.fingerprint, long)
    await answered
  }

  it('is reached by whom it gave its relayed address, and says long things and things that burn', async () => {
    await talk()
    const [alice, self] = [net.peer('alice').chat, anon.chat.self]
    const burns = waitFor(alice, 'message', ({ burn }) => burn !== undefined)
    await anon.chat.send(alice.self.fingerprint, 'for once', { burn: { reads: 1 } })
    expect(await alice.reveal(self.fingerprint, (await burns).id)).to.equal('for once')
  })

  it('reaches somebody who is behind the relay it came in through', async () => {
    const carol = net.peer('carol')
    const [address = ''] = carol.libp2p.getMultiaddrs().filter(isRelayed).map(String)
    const asked = waitFor(carol.chat, 'conversation:change', ({ request }) => request === true)
    await anon.chat.lookup(address)
    await anon.chat.send(carol.chat.self.fingerprint, 'psst')
    await asked
  })

  it('is known to others by relayed addresses alone', async () => {
    await talk()
    const { peerId } = anon.libp2p
    expect(anon.libp2p.getMultiaddrs().every(isRelayed)).to.equal(true)
    for (const name of ['alice', 'carol'] as const) {
      const { peerStore } = net.peer(name).libp2p
      const known = (await peerStore.all()).filter(({ id }) => id.equals(peerId))
      const addresses = known.flatMap((peer) => peer.addresses)
      expect(addresses.filter(({ multiaddr }) => !isRelayed(multiaddr))).to.deep.equal([])
    }
    expect(identified.filter((address) => !isRelayed(address))).to.deep.equal([])
    expect(connections).to.not.deep.equal([])
    for (const { remoteAddr } of connections) expect(isRelayed(remoteAddr)).to.equal(true)
    const direct = anon.libp2p.getConnections().filter(({ remoteAddr }) => !isRelayed(remoteAddr))
    const relay = net.relay?.libp2p.peerId.toString()
    expect(direct.map(({ remotePeer }) => remotePeer.toString())).to.deep.equal([relay])
    expect(direct.map(({ direction }) => direction)).to.deep.equal(['outbound'])
  })

  it('is in no directory and in no room, and serves nobody', async () => {
    await anon.chat.register('nobody')
    const { fingerprint, peerId } = anon.chat.self
    const carol = net.peer('carol').chat
    expect(carol.people().map((person) => person.fingerprint)).to.not.include(fingerprint)
    const err = await carol.lookup('nobody').catch((error: unknown) => error)
    expect(err).to.have.property('name', 'PersonNotFoundError')
    const [found] = (await carol.lookup(fingerprint)).people
    expect(found).to.deep.include({ name: undefined, peerId: '', multiaddrs: [] })
    expect(anon.chat.rooms().filter(({ joined }) => joined)).to.deep.equal([])
    const served = anon.libp2p
      .getProtocols()
      .filter((protocol) => /hop|kad|autonat|webrtc|dcutr|mailbox/u.test(protocol))
    expect(served).to.deep.equal([])
    const known = await net.relay?.libp2p.peerStore.all()
    const seen = known?.find(({ id }) => id.toString() === peerId)
    expect(seen?.addresses.filter(({ multiaddr }) => !isRelayed(multiaddr)) ?? []).to.deep.equal([])
  })

  it('calls nobody at an address that others made up', async () => {
    const alice = net.peer('alice').libp2p
    const [direct] = alice.getMultiaddrs().filter((address) => !isRelayed(address))
    const relay = net.relay?.libp2p.peerId.toString() ?? ''
    for (const address of [String(direct), `/ip4/127.0.0.1/tcp/1/p2p/${relay}`]) {
      // the directory may know them all the same
      await anon.chat.lookup(address).catch(() => undefined)
    }
    expect(anon.libp2p.getConnections(alice.peerId)).to.deep.equal([])
  })
})
