import { expect } from 'chai'
import { Libp2pRecord } from '@libp2p/record'
import { nameCid } from '../../src/chat/directory/name-cid.ts'
import { signProfile } from '../../src/chat/directory/profile-record.ts'
import { peerKey, profileKey } from '../../src/chat/directory/records.ts'
import { MAX_WRITES_A_MINUTE } from '../../src/chat/directory/keeping/constants.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { dhtInnards } from '../../src/node/dht/dht-innards.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { deterministicIdentity } from '../../src/node/testnet/deterministic-identity.ts'
import { person } from '../chat/support/people.ts'
import { directoryOf } from '../fixtures/directory-of.ts'
import { HostilePeer, addressOf } from '../fixtures/hostile-peer.ts'
import type { Peer } from '../../src/node/node-peer.ts'
import type { KadDHT } from '@libp2p/kad-dht'
import type { PeerId } from '@libp2p/interface'

type Names = 'alice' | 'bob' | 'seeker'

describe('a flood of the directory', () => {
  let net: Testnet<Names>
  let mallory: HostilePeer

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice', 'bob', 'seeker'], relay: false })
    mallory = await HostilePeer.start()
    for (const name of ['alice', 'bob', 'seeker'] as const) {
      await mallory.peer.libp2p.dial(addressOf(net.peer(name)))
    }
  })

  afterEach(async () => {
    await mallory.stop()
    await net.stop()
  })

  /** Sends a message of the DHT by hand; true when it was answered. */
  async function send(to: Peer, message: Record<string, unknown>): Promise<boolean> {
    const { network } = dhtInnards((mallory.peer.libp2p.services as { dht: KadDHT }).dht)
    const options = { path: { index: 0, queued: 0, running: 0, total: 0 } }
    for await (const { name } of network.sendRequest(to.libp2p.peerId, message, options)) {
      if (name === 'PEER_RESPONSE') return true
    }
    return false
  }

  function put(to: Peer, key: Uint8Array, value: Uint8Array): Promise<boolean> {
    const record = new Libp2pRecord(key, value, new Date()).serialize()
    return send(to, { type: 'PUT_VALUE', key, record })
  }

  function claim(to: Peer, key: Uint8Array, peer: PeerId): Promise<boolean> {
    const providers = [{ id: peer.toMultihash().bytes, multiaddrs: [] }]
    return send(to, { type: 'ADD_PROVIDER', key, providers })
  }

  async function expectFound(): Promise<void> {
    const seeker = await directoryOf(net.peer('seeker'))
    for (const name of ['alice', 'bob'] as const) {
      const { fingerprint } = net.peer(name).chat.self
      const byName = await seeker.findByName(name)
      expect(byName.map(({ identity }) => identity.fingerprint)).to.deep.equal([fingerprint])
      expect((await seeker.findByFingerprint(fingerprint))?.name).to.equal(name)
    }
  }

  it('of records, ends at so many a minute, is counted, and hides nobody', async function () {
    this.timeout(60_000)
    const victim = net.peer('alice')
    let taken = 0
    for (let n = 0; n < MAX_WRITES_A_MINUTE + 20; n++) {
      const identity = await deterministicIdentity(`made up ${n}`)
      const value = await signProfile(
        nodeCrypto,
        identity,
        { sequence: n, multiaddrs: [] },
        Date.now(),
      )
      if (await put(victim, profileKey(identity.fingerprint), value)) taken++
    }
    expect(taken).to.be.at.most(MAX_WRITES_A_MINUTE)
    expect(victim.chat.refusals()).to.have.property('DirectoryBusyError').at.least(20)
    await expectFound()
  })

  it('of claims to a name, each for somebody else or for nothing, leaves the name as it is', async () => {
    const victim = net.peer('bob')
    const { multihash } = await nameCid('alice')
    for (let n = 0; n < 10; n++) {
      const { peerId } = await person(`made up ${n}`)
      expect(await claim(victim, multihash.bytes, peerId)).to.equal(false)
    }
    expect(victim.chat.refusals()).to.have.property('DirectoryRequestError').at.least(10)
    await expectFound()
  })

  it('of old, forged and oversized records changes nothing', async () => {
    const victim = net.peer('bob')
    const alice = net.peer('alice')
    const seeker = await directoryOf(net.peer('seeker'))
    const before = await seeker.findByPeer(alice.libp2p.peerId)
    const identity = await deterministicIdentity('alice')
    const key = peerKey(alice.libp2p.peerId)
    const old = await signProfile(nodeCrypto, identity, { sequence: 1, multiaddrs: [] }, Date.now())
    const forged = new Uint8Array(old)
    forged[old.length - 1]! ^= 1
    expect(await put(victim, key, old)).to.equal(false)
    expect(await put(victim, key, forged)).to.equal(false)
    expect(await put(victim, key, new Uint8Array(5000))).to.equal(false)
    expect(victim.chat.refusals()).to.include({
      StaleProfileError: 1,
      InvalidProfileError: 1,
      DirectoryRequestError: 1,
    })
    const after = await seeker.findByPeer(alice.libp2p.peerId)
    expect(after?.sequence).to.be.at.least(before?.sequence ?? Infinity)
  })
})
