import { expect } from 'chai'
import { createTestnet } from '../../src/node/testnet/create-testnet.ts'
import { directoryOf } from '../fixtures/directory-of.ts'
import { eventually } from '../fixtures/wait-for.ts'
import type { Testnet } from '../../src/node/testnet/create-testnet.ts'

describe('the directory', () => {
  let net: Testnet<string> | undefined

  afterEach(async () => {
    await net?.stop()
  })

  it('lets 20 peers in one network all find each other by name', async function () {
    // 210 connections and 380 look-ups, all of them in this one process: CPU time, not waiting
    this.timeout(300_000)
    const names = Array.from({ length: 20 }, (_, index) => `peer ${index}`)
    net = await createTestnet({ peers: names })
    for (const seeker of names) {
      const { chat } = net.peer(seeker)
      const others = names.filter((name) => name !== seeker)
      // one after the other: nineteen at once on a busy machine are slower than a look-up may be
      for (const name of others) {
        const { people } = await chat.lookup(name)
        expect(people.map((person) => person.name)).to.deep.equal([name])
      }
    }
  })

  it('shows two people of one name, told apart by fingerprint, the known one first', async () => {
    net = await createTestnet({ peers: ['seeker', 'first', 'second'], register: false })
    const [seeker, first, second] = ['seeker', 'first', 'second'].map(
      (name) => net?.peer(name).chat,
    )
    if (!seeker || !first || !second) throw new Error('the testnet is incomplete')
    await first.register('Sam')
    await second.register('sam')
    await seeker.lookup(second.self.peerId)
    await seeker.connect(second.self.fingerprint)
    const { people } = await seeker.lookup('SAM')
    expect(people.map(({ fingerprint }) => fingerprint)).to.deep.equal([
      second.self.fingerprint,
      first.self.fingerprint,
    ])
  })

  it('leads to somebody who goes by no name, and to how they are written to', async () => {
    net = await createTestnet({ peers: ['seeker', 'nameless'], register: false })
    const { libp2p, chat } = net.peer('nameless')
    const seeker = await directoryOf(net.peer('seeker'))
    const byFingerprint = await eventually(async () => {
      const profile = await seeker.findByFingerprint(chat.self.fingerprint)
      return required(profile)
    })
    expect(byFingerprint.name).to.equal(undefined)
    expect(byFingerprint.multiaddrs.map(String)).to.deep.equal(chat.self.multiaddrs)
    expect(byFingerprint).to.have.property('bundle').with.lengthOf(1713)
    expect(byFingerprint).to.have.property('mailboxKey').with.lengthOf(32)
    const byPeer = required(await seeker.findByPeer(libp2p.peerId))
    expect(byPeer.identity.fingerprint).to.equal(chat.self.fingerprint)
  })

  it('holds nothing of somebody who publishes nothing, and finds others for them', async () => {
    net = await createTestnet({ peers: ['alice'] })
    const { chat, libp2p } = await net.add('silent', { publish: false })
    expect(await chat.register('silent')).to.equal(0)
    expect((await chat.lookup('alice')).people).to.have.lengthOf(1)
    const seeker = await directoryOf(net.peer('alice'))
    expect(await seeker.findByName('silent')).to.have.lengthOf(0)
    expect(await seeker.findByPeer(libp2p.peerId)).to.equal(undefined)
    expect(await seeker.findByFingerprint(chat.self.fingerprint)).to.equal(undefined)
  })

  it('publishes a name taken before there was anybody to tell, once there is', async () => {
    net = await createTestnet({ peers: ['early'], relay: false, register: false })
    expect(await net.peer('early').chat.register('early bird')).to.equal(0)
    const late = await net.add('late')
    const { people } = await eventually(() => late.chat.lookup('early bird'))
    expect(people[0]?.fingerprint).to.equal(net.peer('early').chat.self.fingerprint)
  })
})

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new RangeError('nothing was found')
  return value
}
