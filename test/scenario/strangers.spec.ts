import { expect } from 'chai'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { delivered, eventually, received, waitFor } from '../fixtures/wait-for.ts'
import type { Chat, Conversation } from '../../src/chat/api.ts'

describe('somebody nobody knows', () => {
  let net: Testnet<'alice' | 'bob'>
  let alice: Chat
  let bob: Chat

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice', 'bob'], strangers: 'request' })
    alice = net.peer('alice').chat
    bob = net.peer('bob').chat
    await alice.lookup('bob')
  })

  afterEach(async () => {
    await net.stop()
  })

  /** Alice writes to Bob, who does not know her. */
  async function ask(text = 'hello, it is alice'): Promise<Conversation> {
    const asked = waitFor(
      bob,
      'conversation:change',
      ({ request, lastMessage }) => request === true && lastMessage?.text === text,
    )
    const stored = delivered(alice, text)
    await alice.send(bob.self.fingerprint, text)
    await stored
    return asked
  }

  const stateOf = async (text: string): Promise<string | undefined> => {
    const messages = await alice.messages(bob.self.fingerprint)
    return messages.find((message) => message.text === text)?.state
  }

  it('asks: held apart, told apart, and told nothing but that it is stored', async () => {
    const told: string[] = []
    bob.addEventListener('message', ({ detail }) => told.push(detail.text))
    const names: (string | undefined)[] = []
    alice.addEventListener('conversation:change', ({ detail }) => names.push(detail.person.name))
    const request = await ask()
    expect(request.person).to.include({ name: 'alice', known: false })
    expect(bob.conversations()).to.deep.equal([])
    expect(bob.requests().map(({ id }) => id)).to.deep.equal([alice.self.fingerprint])
    expect(told).to.deep.equal([])
    await bob.markRead(alice.self.fingerprint)
    bob.setTyping(alice.self.fingerprint, true)
    // another message there and back: whatever was told of the first would have come by now
    await ask('are you there?')
    expect(await stateOf('hello, it is alice')).to.equal('delivered')
    expect(alice.conversations().some(({ typing }) => typing === true)).to.equal(false)
  })

  it('becomes a contact when accepted, and hears then what was read', async () => {
    await ask()
    await bob.markRead(alice.self.fingerprint)
    const read = waitFor(alice, 'message:change', ({ state }) => state === 'read')
    const conversation = await bob.acceptRequest(alice.self.fingerprint)
    expect(conversation.request).to.equal(undefined)
    await read
    expect(bob.requests()).to.deep.equal([])
    expect(bob.conversations().map(({ id }) => id)).to.deep.equal([alice.self.fingerprint])
    const next = received(bob, 'good')
    await alice.send(bob.self.fingerprint, 'good')
    await next
  })

  it('is accepted by an answer', async () => {
    await ask()
    const answered = received(alice, 'who are you?')
    await bob.send(alice.self.fingerprint, 'who are you?')
    await answered
    expect(bob.requests()).to.deep.equal([])
  })

  it('may say five small things, and says the rest in order once accepted', async () => {
    const texts = Array.from({ length: 12 }, (_, index) => `line ${String(index)}`)
    const fifth = delivered(alice, 'line 4')
    for (const text of texts) await alice.send(bob.self.fingerprint, text)
    await fifth
    const kept = await bob.messages(alice.self.fingerprint)
    expect(kept.map(({ text }) => text)).to.deep.equal(texts.slice(0, 5))
    expect(await stateOf('line 5')).to.be.oneOf(['queued', 'sent'])
    const last = delivered(alice, 'line 11')
    await bob.acceptRequest(alice.self.fingerprint)
    await last
    const all = await bob.messages(alice.self.fingerprint)
    expect(all.map(({ text }) => text)).to.deep.equal(texts)
  })

  it('asks with a long text that waits until they are accepted', async () => {
    const long = 'x'.repeat(20_000)
    const asked = waitFor(bob, 'conversation:change', ({ request }) => request === true)
    await alice.send(bob.self.fingerprint, long)
    await asked
    expect(bob.requests()).to.have.length(1)
    expect(await bob.messages(alice.self.fingerprint)).to.deep.equal([])
    const there = received(bob, long)
    await bob.acceptRequest(alice.self.fingerprint)
    await there
  })

  it('is forgotten when declined, and not heard for a while', async () => {
    await ask()
    const gone = waitFor(bob, 'conversation:gone', (id) => id === alice.self.fingerprint)
    await bob.declineRequest(alice.self.fingerprint)
    await gone
    expect(bob.requests()).to.deep.equal([])
    expect(await bob.messages(alice.self.fingerprint)).to.deep.equal([])
    const sent = waitFor(alice, 'conversation:change', ({ link }) => link.state === 'offline')
    await alice.send(bob.self.fingerprint, 'but')
    await sent
    expect(bob.requests()).to.deep.equal([])
    expect(await stateOf('but')).to.not.equal('delivered')
  })

  it('who is blocked, a contact even, gets nothing through until unblocked', async () => {
    await ask()
    await bob.acceptRequest(alice.self.fingerprint)
    const off = waitFor(alice, 'conversation:change', ({ link }) => link.state === 'offline')
    await bob.block(alice.self.fingerprint)
    await off
    expect(bob.blocked().map(({ fingerprint }) => fingerprint)).to.deep.equal([
      alice.self.fingerprint,
    ])
    expect(bob.conversations()[0]).to.include({ blocked: true })
    await alice.send(bob.self.fingerprint, 'let me in')
    const refusal = await bob.send(alice.self.fingerprint, 'no').catch((err: unknown) => err)
    expect(refusal).to.have.property('name', 'PersonBlockedError')
    const texts = (await bob.messages(alice.self.fingerprint)).map(({ text }) => text)
    expect(texts).to.not.include('let me in')
    const there = received(bob, 'let me in', 20_000)
    await bob.unblock(alice.self.fingerprint)
    await there
  })

  it('is no contact for having been in a room with us', async () => {
    await eventually(() => {
      const lobby = bob.rooms().find(({ name }) => name === 'lobby')
      expect(lobby?.members.map(({ fingerprint }) => fingerprint)).to.include(
        alice.self.fingerprint,
      )
      return Promise.resolve()
    })
    await ask()
    expect(bob.requests()).to.have.length(1)
  })

  it('is not heard in rooms either by who blocked them', async () => {
    const heard = waitFor(bob, 'room:message', ({ text }) => text === 'before')
    await eventually(async () => {
      await alice.sendToRoom('lobby', 'before')
      expect(bob.roomMessages('lobby').map(({ text }) => text)).to.include('before')
    })
    await heard
    await bob.block(alice.self.fingerprint)
    expect(bob.roomMessages('lobby')).to.deep.equal([])
    const told: string[] = []
    bob.addEventListener('room:message', ({ detail }) => told.push(detail.text))
    await alice.sendToRoom('lobby', 'after')
    const other = net.relay?.chat
    const answered = waitFor(bob, 'room:message', ({ text }) => text === 'relay here')
    await other?.sendToRoom('lobby', 'relay here')
    await answered
    expect(told).to.deep.equal(['relay here'])
  })
})
