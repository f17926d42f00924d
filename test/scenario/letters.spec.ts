import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { MAILBOX_PROTOCOL } from '../../src/chat/mailbox/constants.ts'
import { createTestnet, type Testnet } from '../../src/node/testnet/create-testnet.ts'
import { delivered, eventually, received, waitFor } from '../fixtures/wait-for.ts'
import type { Chat, MessageState } from '../../src/chat/api.ts'
import type { NodePeerOptions, Peer } from '../../src/node/node-peer.ts'

/** What takes minutes in life: letters at once, boxes looked into every second. */
const SWIFT = { delayMs: 200, collectIntervalMs: 1000, acknowledgeDelayMs: 300 }

/** Resolves once an own message lies in so many mailboxes. */
function storedAt(chat: Chat, text: string, count: number) {
  return waitFor(
    chat,
    'message:change',
    (message) => message.text === text && message.state === 'stored' && message.storedAt === count,
    60_000,
  )
}

/** Resolves with the messages of a conversation once one of them, of that text, is in that state. */
function shows(chat: Chat, conversation: string, text: string, state: MessageState) {
  return eventually(async () => {
    const messages = await chat.messages(conversation)
    const found = messages.find((message) => message.text === text && message.state === state)
    if (found === undefined) throw new Error(`no message "${text}" is ${state}`)
    return messages
  }, 60_000)
}

describe('letters', () => {
  let net: Testnet<string>
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sotto-letters-'))
    net = await createTestnet({ peers: ['box 1', 'box 2', 'box 3'], register: false })
  })

  afterEach(async () => {
    await net.stop()
    await rm(folder, { recursive: true })
  })

  /** Somebody with a data folder, who can go and come back. */
  const come = (name: string, options: Partial<NodePeerOptions> = {}): Promise<Peer> => {
    const dataDir = path.join(folder, name)
    return net.add(name, { dataDir, letterTiming: SWIFT, mailbox: false, ...options })
  }

  async function acquainted(): Promise<[Peer, Peer]> {
    const [alice, bob] = [await come('alice'), await come('bob')]
    await alice.chat.register('alice')
    await bob.chat.register('bob')
    await alice.chat.lookup(bob.chat.self.fingerprint)
    const there = Promise.all([received(bob.chat, 'hi'), delivered(alice.chat, 'hi')])
    await alice.chat.send(bob.chat.self.fingerprint, 'hi')
    await there
    return [alice, bob]
  }

  it('bring a message to somebody who was away when its author was there, and is there when its author is away', async function () {
    this.timeout(180_000)
    const [alice, bob] = await acquainted()
    const { fingerprint } = bob.chat.self
    await bob.stop()

    const stored = storedAt(alice.chat, 'while you were away', 3)
    await alice.chat.send(fingerprint, 'while you were away')
    await stored
    await alice.stop()

    const bobAgain = await come('bob')
    const author = alice.chat.self.fingerprint
    const messages = await shows(bobAgain.chat, author, 'while you were away', 'received')
    expect(messages.map(({ text }) => text)).to.deep.equal(['hi', 'while you were away'])
    // the acknowledgement goes by letter as well, since alice is not there to hear it
    await new Promise((resolve) => setTimeout(resolve, 2500))
    await bobAgain.stop()

    const aliceAgain = await come('alice')
    await shows(aliceAgain.chat, fingerprint, 'while you were away', 'delivered')
    // comes back himself: the message is there once, and does not come again
    const bobAtLast = await come('bob')
    const all = await bobAtLast.chat.messages(author)
    expect(all.filter(({ text }) => text === 'while you were away')).to.have.lengthOf(1)
  })

  it('let a stranger ask somebody who is away, and be answered when they are away themselves', async function () {
    this.timeout(240_000)
    const bob = await come('bob', { strangers: 'request' })
    await bob.chat.register('bob')
    const { fingerprint } = bob.chat.self
    const mallory = await come('mallory')
    await mallory.chat.lookup(fingerprint)
    await bob.stop()

    const stored = storedAt(mallory.chat, 'you do not know me', 3)
    await mallory.chat.send(fingerprint, 'you do not know me')
    await stored
    await mallory.stop()

    const bobAgain = await come('bob', { strangers: 'request' })
    const author = mallory.chat.self.fingerprint
    await eventually(async () => {
      const [request] = bobAgain.chat.requests()
      if (request?.id !== author) throw new Error('nobody asks')
      return Promise.resolve()
    }, 60_000)
    expect(bobAgain.chat.conversations()).to.deep.equal([])
    const answered = storedAt(bobAgain.chat, 'now I do', 3)
    await bobAgain.chat.send(author, 'now I do')
    await answered
    await bobAgain.stop()

    const malloryAgain = await come('mallory')
    const messages = await shows(malloryAgain.chat, fingerprint, 'now I do', 'received')
    expect(messages.map(({ text }) => text)).to.deep.equal(['you do not know me', 'now I do'])
    await shows(malloryAgain.chat, fingerprint, 'you do not know me', 'delivered')
  })

  it('survive two mailboxes of three that go without a word', async function () {
    this.timeout(180_000)
    const [alice, bob] = await acquainted()
    const { fingerprint } = bob.chat.self
    await bob.stop()
    const stored = storedAt(alice.chat, 'still here', 3)
    await alice.chat.send(fingerprint, 'still here')
    await stored
    await alice.stop()
    for (const name of ['box 1', 'box 2']) await silence(net.peer(name))
    const again = await come('bob')
    await shows(again.chat, alice.chat.self.fingerprint, 'still here', 'received')
  })
})

/** A mailbox that answers nobody any more, and hands nothing over. */
async function silence({ libp2p }: Peer): Promise<void> {
  await libp2p.unhandle(MAILBOX_PROTOCOL)
}
