import { expect } from 'chai'
import { SURPLUS_CHANNEL_MS } from '../../src/chat/conversation/constants.ts'
import { CHAT_PROTOCOL } from '../../src/chat/direct/constants.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { delivered, eventually, received, waitFor } from '../fixtures/wait-for.ts'

describe('a conversation between two peers', () => {
  let net: Testnet<'alice' | 'bob'>

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice', 'bob'] })
  })

  afterEach(async () => {
    await net.stop()
  })

  it('finds the other by name and delivers in both directions', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    const { people } = await alice.lookup('Bob')
    expect(people.map(({ fingerprint }) => fingerprint)).to.deep.equal([bob.self.fingerprint])

    const there = Promise.all([received(bob, 'hello bob'), delivered(alice, 'hello bob')])
    await alice.send(bob.self.fingerprint, 'hello bob')
    const [message] = await there
    expect(message).to.include({ author: alice.self.fingerprint, state: 'received' })

    const back = Promise.all([received(alice, 'hello alice'), delivered(bob, 'hello alice')])
    await bob.send(alice.self.fingerprint, 'hello alice')
    await back
    expect((await alice.messages(bob.self.fingerprint)).map(({ text }) => text)).to.deep.equal([
      'hello bob',
      'hello alice',
    ])
  })

  it('knows the other side by name, fingerprint and path once the session is secure', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    await alice.lookup('bob')
    const named = waitFor(
      bob,
      'conversation:change',
      ({ person, link }) => person.name === 'alice' && person.online && link.state === 'secure',
    )
    const conversation = await alice.connect(bob.self.fingerprint)
    expect(conversation.link).to.include({ state: 'secure', path: 'direct' })
    expect((await named).person).to.include({
      fingerprint: alice.self.fingerprint,
      known: true,
      online: true,
    })
  })

  it('keeps a burst in order', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    await alice.lookup('bob')
    const texts = Array.from({ length: 200 }, (_, index) => `message ${index}`)
    const last = Promise.all([received(bob, 'message 199'), delivered(alice, 'message 199')])
    await Promise.all(texts.map((text) => alice.send(bob.self.fingerprint, text)))
    await last
    const arrived = await bob.messages(alice.self.fingerprint)
    expect(arrived.map(({ text }) => text)).to.deep.equal(texts)
  })

  it('splits the longest text over frames and puts it together again', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    await alice.lookup('bob')
    const text = '界'.repeat(65_536 / 4).concat('"\\\n'.repeat(4000))
    const there = received(bob, text)
    await alice.send(bob.self.fingerprint, text)
    await there
  })

  it('refuses a text that is empty or longer than 64 KiB before anything is stored', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    await alice.lookup('bob')
    for (const text of ['', 'x'.repeat(65_537)]) {
      const err = await alice.send(bob.self.fingerprint, text).catch((error: unknown) => error)
      expect(err).to.have.property('name', 'InvalidContentError')
    }
    expect(await alice.messages(bob.self.fingerprint)).to.deep.equal([])
  })

  it('ends in one conversation when both sides begin at once', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    await Promise.all([alice.lookup('bob'), bob.lookup('alice')])
    const there = Promise.all([
      received(bob, 'from alice'),
      received(alice, 'from bob'),
      delivered(alice, 'from alice'),
      delivered(bob, 'from bob'),
    ])
    await Promise.all([
      alice.send(bob.self.fingerprint, 'from alice'),
      bob.send(alice.self.fingerprint, 'from bob'),
    ])
    await there
    expect(await alice.messages(bob.self.fingerprint)).to.have.lengthOf(2)
    expect(await bob.messages(alice.self.fingerprint)).to.have.lengthOf(2)
    expect(alice.refusals()).to.deep.equal({})
    expect(bob.refusals()).to.deep.equal({})
  })

  it('ends in one session, of two that began at once, within seconds and without losing a word', async () => {
    const peers = [net.peer('alice'), net.peer('bob')]
    const [alice, bob] = peers.map(({ chat }) => chat)
    await Promise.all([alice!.lookup('bob'), bob!.lookup('alice')])
    const channels = () =>
      peers.map(({ libp2p }) =>
        libp2p
          .getConnections()
          .flatMap(({ streams }) => streams.filter(({ protocol }) => protocol === CHAT_PROTOCOL)),
      )
    const words = Array.from({ length: 20 }, (_, n) => `word ${String(n)}`)
    const there = Promise.all(
      words.flatMap((word) => [received(alice!, `bob: ${word}`), received(bob!, `alice: ${word}`)]),
    )
    let most = 0
    for (const word of words) {
      await Promise.all([
        alice!.send(bob!.self.fingerprint, `alice: ${word}`),
        bob!.send(alice!.self.fingerprint, `bob: ${word}`),
      ])
      most = Math.max(most, ...channels().map(({ length }) => length))
    }
    await there
    most = Math.max(most, ...channels().map(({ length }) => length))
    expect(most, 'both began').to.be.at.least(2)
    await eventually(() => {
      expect(channels().map(({ length }) => length)).to.deep.equal([1, 1])
      return Promise.resolve()
    }, 10 * SURPLUS_CHANNEL_MS)
    for (const [chat, other] of [[alice!, bob!] as const, [bob!, alice!] as const]) {
      const texts = (await chat.messages(other.self.fingerprint)).map(({ text }) => text)
      expect(texts).to.have.lengthOf(2 * words.length)
      expect(new Set(texts)).to.have.lengthOf(texts.length)
      expect(chat.refusals()).to.deep.equal({})
    }
  })

  it('opens by peer id and by multiaddr as well', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    const byPeerId = await alice.lookup(bob.self.peerId)
    expect(byPeerId).to.include({ kind: 'peer-id' })
    const address = bob.self.multiaddrs.find((text) => !text.includes('/ws')) ?? ''
    const byAddress = await alice.lookup(address)
    expect(byAddress.kind).to.equal('multiaddr')
    for (const { people } of [byPeerId, byAddress]) {
      expect(people[0]?.fingerprint).to.equal(bob.self.fingerprint)
    }
  })

  it('says that nobody was found for a name that nobody carries', async () => {
    const err = await net
      .peer('alice')
      .chat.lookup('nobody-here')
      .catch((error: unknown) => error)
    expect(err).to.have.property('name', 'PersonNotFoundError')
  })

  it('queues for somebody who is away and says why', async () => {
    const [alice, bob] = [net.peer('alice').chat, net.peer('bob').chat]
    await alice.lookup('bob')
    await net.peer('bob').stop()
    const queued = waitFor(alice, 'message:change', ({ reason }) => reason !== undefined, 15_000)
    await alice.send(bob.self.fingerprint, 'are you there?')
    expect(await queued).to.include({ state: 'queued', reason: 'peer-offline' })
  })
})
