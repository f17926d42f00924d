import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { encodeLink } from '../../src/chat/invitations/link.ts'
import { readLink, type Invitation } from '../../src/chat/invitations/index.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { deterministicIdentity } from '../../src/node/testnet/deterministic-identity.ts'
import { delivered, eventually, waitFor } from '../fixtures/wait-for.ts'
import type { Chat, ContactStep, LookupProgress } from '../../src/chat/api.ts'
import { startNodePeer, type NodePeerOptions, type Peer } from '../../src/node/node-peer.ts'

const SWIFT = { delayMs: 200, collectIntervalMs: 1000, acknowledgeDelayMs: 300 }

/** Resolves once the search for somebody has come to this. */
function stepped(chat: Chat, id: string, wanted: ContactStep, timeoutMs = 30_000) {
  return waitFor(
    chat,
    'conversation:change',
    ({ id: other, contact }) =>
      other === id &&
      contact?.steps.some(
        ({ way, state, reason }) =>
          way === wanted.way && state === wanted.state && reason === wanted.reason,
      ) === true,
    timeoutMs,
  )
}

describe('first contact', () => {
  let net: Testnet<string>
  let folder: string
  const peers: Peer[] = []

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sotto-first-contact-'))
  })

  afterEach(async () => {
    await net.stop()
    await Promise.all(peers.splice(0).map((peer) => peer.stop()))
    await rm(folder, { recursive: true })
  })

  const come = async (name: string, options: Partial<NodePeerOptions> = {}): Promise<Peer> => {
    const dataDir = path.join(folder, name)
    return net.add(name, { dataDir, letterTiming: SWIFT, mailbox: false, ...options })
  }
  /** Somebody in no network at all. */
  const alone = async (name: string): Promise<Peer> => {
    const peer = await startNodePeer({
      dataDir: undefined,
      identity: await deterministicIdentity(name),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootstrap: [],
      mdns: false,
    })
    peers.push(peer)
    return peer
  }
  const link = async ({ chat }: Peer): Promise<string> => (await chat.contactLink()).uri
  const changed = (text: string, change: Partial<Invitation>): string =>
    encodeLink(nodeCrypto, { ...readLink(nodeCrypto, text), ...change })

  it('comes about by a link alone, with no network but what the link names', async function () {
    this.timeout(60_000)
    net = await createTestnet({ peers: ['bob', 'carol'], strangers: 'request' })
    const [bob, carol] = [net.peer('bob'), net.peer('carol')]
    const alice = await alone('alice')
    await alice.chat.lookup(await link(bob))
    const got = delivered(alice.chat, 'hello')
    await alice.chat.send(bob.chat.self.fingerprint, 'hello')
    await got

    // no address of hers at all: by the node that her link names as a way into the network
    const dave = await alone('dave')
    const entrances = [...net.bootstrap]
    const bare = changed(await link(carol), { addresses: [], relays: [], entrances })
    await dave.chat.lookup(bare)
    const entered = stepped(dave.chat, carol.chat.self.fingerprint, {
      way: 'entrances',
      state: 'done',
    })
    const gotToo = delivered(dave.chat, 'hello, carol', 30_000)
    await dave.chat.send(carol.chat.self.fingerprint, 'hello, carol')
    await entered
    await gotToo
  })

  it('waits for somebody who is away, over a restart of its author, and arrives when they come', async function () {
    this.timeout(60_000)
    net = await createTestnet({ peers: [], strangers: 'request' })
    const bob = await come('bob', { letterTiming: { ...SWIFT, delayMs: 600_000 } })
    const [uri, { fingerprint }] = [await link(bob), bob.chat.self]
    const port = Number(/tcp\/(\d+)\/p2p/u.exec(bob.chat.self.multiaddrs.join())?.[1])
    await bob.stop()

    const options = { letterTiming: { ...SWIFT, delayMs: 600_000 } }
    const alice = await come('alice', options)
    const { people, kind } = await alice.chat.lookup(uri)
    expect(kind).to.equal('link')
    expect(people.map((person) => person.fingerprint)).to.deep.equal([fingerprint])
    const failed = stepped(alice.chat, fingerprint, {
      way: 'lan',
      state: 'failed',
      reason: 'no-answer',
    })
    await alice.chat.send(fingerprint, 'are you there?')
    const { contact } = await failed
    expect(contact?.waiting).to.equal(1)
    await alice.stop()

    const again = await come('alice', options)
    expect(again.chat.conversations().map(({ id }) => id)).to.deep.equal([fingerprint])
    const got = delivered(again.chat, 'are you there?', 40_000)
    const bobAgain = await come('bob', { listen: [`/ip4/127.0.0.1/tcp/${port}`] })
    await got
    await eventually(async () => {
      const [request] = bobAgain.chat.requests()
      if (request?.lastMessage?.text !== 'are you there?') throw new Error('nobody asks')
      return Promise.resolve()
    })
    expect(again.chat.conversations()[0]?.contact).to.equal(undefined)
  })

  it('goes by letter when both are never there at once, and the answer is no request', async function () {
    this.timeout(90_000)
    net = await createTestnet({
      peers: ['box 1', 'box 2', 'box 3'],
      register: false,
      strangers: 'request',
    })
    const bob = await come('bob')
    await bob.chat.register('bob')
    const [uri, { fingerprint }] = [await link(bob), bob.chat.self]
    await bob.stop()

    const alice = await come('alice')
    await alice.chat.lookup(uri)
    const stored = stepped(alice.chat, fingerprint, { way: 'mailbox', state: 'done' })
    await alice.chat.send(fingerprint, 'while you were away')
    await stored
    await alice.stop()

    const bobAgain = await come('bob')
    const author = alice.chat.self.fingerprint
    await eventually(async () => {
      if (bobAgain.chat.requests()[0]?.id !== author) throw new Error('nobody asks')
      return Promise.resolve()
    }, 20_000)
    const answered = waitFor(
      bobAgain.chat,
      'message:change',
      ({ text, storedAt }) => text === 'I am back' && (storedAt ?? 0) > 0,
      20_000,
    )
    await bobAgain.chat.send(author, 'I am back')
    await answered
    await bobAgain.stop()

    const aliceAgain = await come('alice')
    await eventually(async () => {
      const texts = (await aliceAgain.chat.messages(fingerprint)).map(({ text }) => text)
      expect(texts).to.deep.equal(['while you were away', 'I am back'])
    }, 25_000)
    expect(aliceAgain.chat.requests()).to.deep.equal([])
    expect(aliceAgain.chat.conversations().map(({ id }) => id)).to.deep.equal([fingerprint])
  })

  it('is made with nobody else, whoever answers where a link leads', async function () {
    this.timeout(120_000)
    net = await createTestnet({ peers: ['mallory'], strangers: 'request' })
    const mallory = net.peer('mallory')
    const told = readLink(nodeCrypto, await link(mallory))
    const { peerId, addresses } = told
    const bob = await come('bob')
    const false_ = changed(await link(bob), {
      addresses,
      ...(peerId === undefined ? {} : { peerId }),
    })
    const { fingerprint } = bob.chat.self
    // while he is away, nobody but mallory can answer
    await bob.stop()
    const alice = await come('alice')
    await alice.chat.lookup(false_)
    const caught = stepped(
      alice.chat,
      fingerprint,
      { way: 'lan', state: 'failed', reason: 'other-answered' },
      60_000,
    )
    const got = delivered(alice.chat, 'to bob alone', 60_000)
    await alice.chat.send(fingerprint, 'to bob alone')
    await caught
    // the network knows which peer speaks for bob
    await come('bob')
    await got
    expect(alice.chat.conversations()[0]?.alarm).to.equal(undefined)
    expect(mallory.chat.requests()).to.deep.equal([])
  })

  it('seals no letter with other prekeys than the link names', async function () {
    this.timeout(60_000)
    net = await createTestnet({
      peers: ['box 1', 'box 2', 'box 3'],
      register: false,
      strangers: 'request',
    })
    const bob = await come('bob')
    await bob.chat.register('bob')
    const uri = await link(bob)
    const { fingerprint } = bob.chat.self
    await bob.stop()
    const { prekeys } = readLink(nodeCrypto, uri)
    const alice = await come('alice')
    await alice.chat.lookup(
      changed(uri, { prekeys: { expires: prekeys?.expires ?? 0, tag: '00'.repeat(16) } }),
    )
    const refused = stepped(alice.chat, fingerprint, {
      way: 'mailbox',
      state: 'failed',
      reason: 'keys-differ',
    })
    await alice.chat.send(fingerprint, 'for your eyes only')
    await refused
    const [message] = await alice.chat.messages(fingerprint)
    expect(message?.state).to.equal('queued')
  })

  it('tells of a look-up by name, peer id and address how it goes', async function () {
    this.timeout(60_000)
    net = await createTestnet({ peers: ['alice', 'bob'], strangers: 'request' })
    const [alice, bob] = [net.peer('alice'), net.peer('bob')]
    const heard: LookupProgress[] = []
    alice.chat.addEventListener('lookup:change', ({ detail }) => heard.push(detail))
    const { peerId, multiaddrs, fingerprint } = bob.chat.self
    for (const query of ['bob', peerId, multiaddrs[0] ?? '', fingerprint]) {
      const { people } = await alice.chat.lookup(query)
      expect(
        people.map((person) => person.fingerprint),
        query,
      ).to.deep.equal([fingerprint])
      expect(heard.at(-1), query).to.deep.include({ query, state: 'found' })
    }
    expect(heard[0]).to.deep.equal({
      query: 'bob',
      kind: 'name',
      state: 'trying',
      steps: [{ way: 'directory', state: 'trying' }],
    })
    await alice.chat.lookup('nobody at all').catch(() => undefined)
    expect(heard.at(-1)).to.deep.include({
      state: 'not-found',
      steps: [{ way: 'directory', state: 'failed', reason: 'not-listed' }],
    })
  })
})
