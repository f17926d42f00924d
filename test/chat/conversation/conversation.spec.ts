import { expect } from 'chai'
import { copyOf, KeptStore } from '../support/kept.ts'
import { NOW } from '../support/channels.ts'
import { rejection } from '../support/rejection.ts'
import { connectSides, Side } from '../support/side.ts'
import type { OpenedChannel } from '../../../src/chat/direct/index.ts'

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
    channels.push(...(await connectSides(alice, bob)))
  }

  it('keeps what is written until it is acknowledged, over a restart as well', async () => {
    await alice.flow.send('kept')
    await alice.start()
    expect(alice.flow.pending).to.equal(1)
    await connect()
    await alice.delivered('kept')
    expect(alice.flow.pending).to.equal(0)
    expect(await bob.texts()).to.deep.equal(['kept'])
    expect(bob.names).to.deep.equal(['alice'])
  })

  it('shows once what is sent again in a later session, and acknowledges it again', async () => {
    const { id } = await alice.flow.send('twice')
    // as if the acknowledgement had been lost with what alice stored after it
    const unacknowledged = await copyOf(alice.store)
    await connect()
    await alice.delivered('twice')
    alice.store = unacknowledged
    alice.changes.length = 0
    await alice.start()
    expect(alice.flow.pending).to.equal(1)
    await connect()
    await alice.delivered('twice')
    expect(bob.messages.filter((message) => message.id === id)).to.have.length(1)
  })

  it('offers again what the other side forgot, and says so on both', async () => {
    await connect()
    await alice.flow.send('forgotten')
    await alice.delivered('forgotten')
    bob.store = new KeptStore()
    bob.messages.length = 0
    await bob.start()
    await connect()
    await bob.until(() => bob.messages.some(({ text }) => text === 'forgotten'))
    await alice.until(() => alice.messages.some(({ note }) => note?.side === 'theirs'))
    await bob.until(() => bob.messages.some(({ note }) => note?.side === 'ours'))
    expect(await alice.texts()).to.deep.equal(['forgotten', 'theirs'])
    expect(await bob.texts()).to.have.members(['forgotten', 'ours'])
    expect([...alice.refused, ...bob.refused]).to.deep.equal([])
    expect(alice.changes.at(-1)).to.include({ state: 'delivered' })
  })

  it('lets what waits share signatures once the other side says that it reads batches', async () => {
    const [left] = await connectSides(alice, bob)
    channels.push(left)
    const said: [string, number][] = []
    const note = (kind: string, messages: number): void => void said.push([kind, messages])
    const sendMessage = left.sendMessage.bind(left)
    const sendBatch = left.sendBatch.bind(left)
    left.sendMessage = (envelope) => {
      note('alone', 1)
      return sendMessage(envelope)
    }
    left.sendBatch = (batch, messages) => {
      note('batch', messages)
      return sendBatch(batch, messages)
    }
    await bob.flow.send('after my profile')
    await bob.delivered('after my profile')
    said.length = 0
    const texts = Array.from({ length: 12 }, (_, n) => `number ${n}`)
    const long = 'long '.repeat(300)
    await Promise.all([...texts, long, 'last'].map((text) => alice.flow.send(text)))
    await alice.delivered('last')
    expect((await bob.texts()).slice(1)).to.deep.equal([...texts, long, 'last'])
    expect(said.reduce((sum, [, messages]) => sum + messages, 0)).to.equal(14)
    expect(said.filter(([kind]) => kind === 'batch')).to.have.length.above(1)
    expect([...alice.refused, ...bob.refused]).to.deep.equal([])
  })

  it('gives up what waits when told to, and sends it only when it is tried again', async () => {
    const { id } = await alice.flow.send('not for them')
    await alice.flow.giveUp('identity-changed')
    expect(alice.changes.at(-1)).to.include({ state: 'failed', reason: 'identity-changed' })
    await connect()
    await alice.flow.send('for them')
    await alice.delivered('for them')
    expect(await bob.texts()).to.deep.equal(['for them'])
    await alice.flow.retry(id)
    await alice.delivered('not for them')
    expect(await bob.texts()).to.deep.equal(['for them', 'not for them'])
  })

  it('does not send what has become too old', async () => {
    await alice.flow.send('old')
    alice.elapsed = 15 * 24 * 60 * 60 * 1000
    alice.now = NOW + alice.elapsed
    await connect()
    await alice.until(() => alice.changes.some(({ state }) => state === 'failed'))
    expect(alice.changes.at(-1)).to.include({ reason: 'expired' })
  })

  it('says a thing once, not twice in a row', async () => {
    await alice.flow.note({ code: 'state-rolled-back', side: 'ours' })
    await alice.flow.note({ code: 'state-rolled-back', side: 'ours' })
    await alice.flow.note({ code: 'state-rolled-back', side: 'theirs' })
    expect(await alice.texts()).to.deep.equal(['ours', 'theirs'])
  })

  it('refuses a text that is empty or too long', async () => {
    for (const text of ['', 'x'.repeat(65_537)]) {
      expect(await rejection(() => alice.flow.send(text))).to.equal('InvalidContentError')
    }
  })
})
