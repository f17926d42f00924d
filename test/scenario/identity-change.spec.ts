import { expect } from 'chai'
import { assembleIdentity } from '../../src/chat/identity/identity.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { startNodePeer, type Peer } from '../../src/node/node-peer.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { deterministicIdentity } from '../../src/node/testnet/deterministic-identity.ts'
import { addressOf } from '../fixtures/hostile-peer.ts'
import { received, waitFor } from '../fixtures/wait-for.ts'
import type { Chat, ChatMessage } from '../../src/chat/api.ts'

/** Bob's device comes back with another person's keys on it; alice has to decide. */
describe('somebody else who answers for a contact', () => {
  let net: Testnet<'alice' | 'bob'>
  let alice: Chat
  let bob: string
  let stranger: Peer

  beforeEach(async () => {
    net = await createTestnet({ peers: ['alice', 'bob'] })
    alice = net.peer('alice').chat
    bob = net.peer('bob').chat.self.fingerprint
    await alice.lookup('bob')
    await alice.connect(bob)
    await alice.setVerified(bob, true)
    const gone = waitFor(alice, 'conversation:change', ({ link }) => link.state === 'offline')
    await net.peer('bob').stop()
    await gone
    const [device, person] = await Promise.all([
      deterministicIdentity('bob'),
      deterministicIdentity('new bob'),
    ])
    stranger = await startNodePeer({
      dataDir: undefined,
      identity: await assembleIdentity(nodeCrypto, { ...person, peerKey: device.peerKey }),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootstrap: net.bootstrap,
      mdns: false,
      strangers: 'accept',
    })
  })

  afterEach(async () => {
    await stranger.stop()
    await net.stop()
  })

  /** Alice looks for bob where he was, with a message for him. */
  async function alarm(): Promise<void> {
    await alice.send(bob, 'for the bob I know')
    await net.peer('alice').libp2p.dial(addressOf(stranger))
    const alarmed = waitFor(alice, 'conversation:change', (change) => change.alarm !== undefined)
    const noted = waitFor(alice, 'message', ({ note }) => note?.code === 'identity-changed')
    await alice.connect(bob).catch(() => undefined)
    await Promise.all([alarmed, noted])
  }

  const other = (): string => stranger.chat.self.fingerprint
  const conversation = (id: string) => alice.conversations().find((one) => one.id === id)
  const notes = (messages: ChatMessage[]): unknown[] =>
    messages.map(({ note }) => note).filter((note) => note !== undefined)

  it('is noticed as well when they come to us', async () => {
    const told = waitFor(alice, 'message', ({ note }) => note?.code === 'identity-changed')
    await stranger.chat.lookup(alice.self.multiaddrs[0] ?? '')
    expect(await told).to.deep.include({
      conversation: bob,
      note: { code: 'identity-changed', fingerprint: other() },
    })
    expect(conversation(bob)?.alarm).to.include({ fingerprint: other() })
  })

  it('is waited out when the user keeps the one they know', async () => {
    await alarm()
    await alice.resolveAlarm(bob, 'keep', other())
    expect(conversation(bob)?.alarm).to.deep.equal({
      kind: 'identity-changed',
      fingerprint: other(),
      decision: 'keep',
    })
    expect(notes(await alice.messages(bob))).to.deep.equal([
      { code: 'identity-changed', fingerprint: other() },
    ])
    expect(await stranger.chat.messages(alice.self.fingerprint)).to.deep.equal([])
    expect(alice.people().find(({ fingerprint }) => fingerprint === bob)?.verified).to.equal(true)
  })

  it('takes the place of the contact when the user accepts, unverified, and gets nothing that waited', async () => {
    await alarm()
    const next = await alice.resolveAlarm(bob, 'accept', other())
    expect(next).to.deep.include({ id: other(), unread: 1 })
    expect(next.person).to.include({ known: true, verified: false, name: 'bob' })
    expect(conversation(bob)).to.include({ replacedBy: other() })
    expect(conversation(bob)).to.not.have.property('alarm')
    const waited = (await alice.messages(bob)).find(({ outgoing }) => outgoing)
    expect(waited).to.include({ state: 'failed', reason: 'identity-changed' })
    const err = await alice.send(bob, 'to the old keys').catch((error: unknown) => error)
    expect(err).to.have.property('name', 'PersonReplacedError')

    const arrived = received(stranger.chat, 'to the new keys')
    await alice.send(other(), 'to the new keys')
    await arrived
    const sent = await stranger.chat.messages(alice.self.fingerprint)
    expect(sent.map(({ text }) => text)).to.deep.equal(['to the new keys'])
    expect(notes(await alice.messages(other()))).to.deep.equal([
      { code: 'identity-accepted', side: 'theirs', fingerprint: bob },
    ])
  })

  it('is not accepted by an answer that was about somebody else', async () => {
    await alarm()
    const same = await alice.resolveAlarm(bob, 'accept', 'f'.repeat(64))
    expect(same.id).to.equal(bob)
    expect(same.alarm).to.include({ fingerprint: other() })
  })

  it('is forgotten when the contact proves to be there again', async () => {
    await alarm()
    await alice.resolveAlarm(bob, 'accept', other())
    await stranger.stop()
    const returned = waitFor(
      alice,
      'message',
      ({ note, conversation: id }) => note?.code === 'identity-returned' && id === bob,
    )
    const again = await net.add('bob')
    await again.chat.lookup(alice.self.multiaddrs[0] ?? '')
    await returned
    expect(conversation(bob)).to.not.have.property('replacedBy')
  })

  it('is told of in the conversation when it is only the name that they share', async () => {
    await alarm()
    const told = waitFor(alice, 'message', ({ note }) => note?.code === 'name-reused')
    const namesake = await net.add('mallory')
    await namesake.chat.register('Bob')
    await alice.lookup('bob')
    expect(await told).to.deep.include({
      conversation: bob,
      note: { code: 'name-reused', fingerprint: namesake.chat.self.fingerprint },
    })
    expect(conversation(bob)?.person.fingerprint).to.equal(bob)
  })
})
