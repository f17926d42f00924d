import { expect } from 'chai'
import { ChannelCounter } from '../../../src/chat/conversation/channel-counter.ts'
import { ConversationFlow } from '../../../src/chat/conversation/conversation.ts'
import { History } from '../../../src/chat/conversation/history.ts'
import { verifyCertificate } from '../../../src/chat/identity/certificate.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { channelPair, NOW } from '../support/channels.ts'
import { person } from '../support/people.ts'
import { rejection } from '../support/rejection.ts'
import type { ChatMessage } from '../../../src/chat/api.ts'
import type { OpenedChannel } from '../../../src/chat/direct/index.ts'
import type { PeerLink } from '../../../src/chat/conversation/peer-link.ts'

/** One side of a conversation, with what it keeps and what it told its user. */
class Side {
  readonly messages: ChatMessage[] = []
  readonly changes: ChatMessage[] = []
  readonly names: string[] = []
  readonly refused: string[] = []
  flow!: ConversationFlow
  best: OpenedChannel | undefined
  now = NOW
  readonly #name: string
  readonly #other: string
  store = new MemoryStore()
  #heard: (() => void)[] = []

  constructor(name: string, other: string) {
    this.#name = name
    this.#other = other
  }

  /** Begins, or begins anew, with what is in the store. */
  async start(): Promise<void> {
    const [self, other] = await Promise.all([person(this.#name), person(this.#other)])
    const records = new RecordStore(this.store, new Vault(nodeCrypto, new Uint8Array(32)))
    const { fingerprint } = other.identity
    const heard = (): void => {
      this.#heard.splice(0).forEach((resolve) => {
        resolve()
      })
    }
    this.flow = new ConversationFlow({
      crypto: nodeCrypto,
      identity: self.identity,
      fingerprint,
      history: new History(records, fingerprint),
      counter: new ChannelCounter(records, fingerprint),
      now: () => this.now,
      ownName: () => this.#name,
      onMessage: (message) => {
        this.messages.push(message)
        heard()
      },
      onMessageChange: (message) => {
        this.changes.push(message)
        heard()
      },
      onName: (name) => {
        this.names.push(name)
      },
      onAddresses: () => undefined,
      onRefusal: (error) => void this.refused.push(error.name),
    })
    const best = (): OpenedChannel | undefined => this.best
    const link = {
      get best() {
        return best()
      },
      poke: () => undefined,
    } as unknown as PeerLink
    await this.flow.load(link)
  }

  async attach(channel: OpenedChannel['channel']): Promise<Promise<void>> {
    const { identity, peerId } = await person(this.#other)
    const remote = await verifyCertificate(nodeCrypto, identity.certificate, peerId)
    const opened = { channel, remote, direction: 'outbound' } as unknown as OpenedChannel
    this.best = opened
    return this.flow.run(opened)
  }

  /** Resolves once `holds` does, looked at after each message and each change. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#heard.push(resolve))
  }
}

async function copyOf(store: MemoryStore): Promise<MemoryStore> {
  const copy = new MemoryStore()
  for await (const entry of store.iterate({ prefix: '' })) await copy.write([entry])
  return copy
}

describe('conversation', () => {
  let alice: Side
  let bob: Side
  let channels: OpenedChannel['channel'][]

  beforeEach(async () => {
    alice = new Side('alice', 'bob')
    bob = new Side('bob', 'alice')
    channels = []
    await Promise.all([alice.start(), bob.start()])
  })
  afterEach(async () => {
    await Promise.all(channels.map((channel) => channel.close()))
  })

  async function connect(): Promise<void> {
    const [left, right] = await channelPair(() => NOW)
    channels.push(left, right)
    void alice.attach(left)
    void bob.attach(right)
  }

  const delivered = (side: Side, text: string) => () =>
    side.changes.some((message) => message.text === text && message.state === 'delivered')
  const texts = async (side: Side): Promise<string[]> =>
    (await side.flow.all()).map(({ text, note }) => note?.side ?? text)

  it('keeps what is written until it is acknowledged, over a restart as well', async () => {
    await alice.flow.send('kept')
    await alice.start()
    expect(alice.flow.pending).to.equal(1)
    await connect()
    await alice.until(delivered(alice, 'kept'))
    expect(alice.flow.pending).to.equal(0)
    expect(await texts(bob)).to.deep.equal(['kept'])
    expect(bob.names).to.deep.equal(['alice'])
  })

  it('shows once what is sent again in a later session, and acknowledges it again', async () => {
    const { id } = await alice.flow.send('twice')
    // as if the acknowledgement had been lost with what alice stored after it
    const unacknowledged = await copyOf(alice.store)
    await connect()
    await alice.until(delivered(alice, 'twice'))
    alice.store = unacknowledged
    alice.changes.length = 0
    await alice.start()
    expect(alice.flow.pending).to.equal(1)
    await connect()
    await alice.until(delivered(alice, 'twice'))
    expect(bob.messages.filter((message) => message.id === id)).to.have.length(1)
  })

  it('offers again what the other side forgot, and says so on both', async () => {
    await connect()
    await alice.flow.send('forgotten')
    await alice.until(delivered(alice, 'forgotten'))
    bob.store = new MemoryStore()
    bob.messages.length = 0
    await bob.start()
    await connect()
    await bob.until(() => bob.messages.some(({ text }) => text === 'forgotten'))
    await alice.until(() => alice.messages.some(({ note }) => note?.side === 'theirs'))
    await bob.until(() => bob.messages.some(({ note }) => note?.side === 'ours'))
    expect(await texts(alice)).to.deep.equal(['forgotten', 'theirs'])
    expect(await texts(bob)).to.have.members(['forgotten', 'ours'])
    expect([...alice.refused, ...bob.refused]).to.deep.equal([])
    expect(alice.changes.at(-1)).to.include({ state: 'delivered' })
  })

  it('gives up what waits when told to, and sends it only when it is tried again', async () => {
    const { id } = await alice.flow.send('not for them')
    await alice.flow.giveUp('identity-changed')
    expect(alice.changes.at(-1)).to.include({ state: 'failed', reason: 'identity-changed' })
    await connect()
    await alice.flow.send('for them')
    await alice.until(delivered(alice, 'for them'))
    expect(await texts(bob)).to.deep.equal(['for them'])
    await alice.flow.retry(id)
    await alice.until(delivered(alice, 'not for them'))
    expect(await texts(bob)).to.deep.equal(['for them', 'not for them'])
  })

  it('does not send what has become too old', async () => {
    await alice.flow.send('old')
    alice.now = NOW + 15 * 24 * 60 * 60 * 1000
    await connect()
    await alice.until(() => alice.changes.some(({ state }) => state === 'failed'))
    expect(alice.changes.at(-1)).to.include({ reason: 'expired' })
  })

  it('says a thing once, not twice in a row', async () => {
    await alice.flow.note({ code: 'state-rolled-back', side: 'ours' })
    await alice.flow.note({ code: 'state-rolled-back', side: 'ours' })
    await alice.flow.note({ code: 'state-rolled-back', side: 'theirs' })
    expect(await texts(alice)).to.deep.equal(['ours', 'theirs'])
  })

  it('refuses a text that is empty or too long', async () => {
    for (const text of ['', 'x'.repeat(65_537)]) {
      expect(await rejection(() => alice.flow.send(text))).to.equal('InvalidContentError')
    }
  })
})
