import { expect } from 'chai'
import fc from 'fast-check'
import { MAX_GONE_IDS, MAX_MISSING_MESSAGES } from '../../../src/chat/conversation/constants.ts'
import { History } from '../../../src/chat/conversation/history.ts'
import { IncomingTexts } from '../../../src/chat/conversation/incoming-texts.ts'
import { MessageNumbers } from '../../../src/chat/conversation/message-numbers.ts'
import { Receiver } from '../../../src/chat/conversation/receiver.ts'
import { createMessageId } from '../../../src/chat/message/message-id.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import type { BurnBox } from '../../../src/chat/burn/burn-box.ts'
import type { TextContent } from '../../../src/chat/message/content.ts'

const NOW = 1_700_000_000_000
const DAY_MS = 24 * 60 * 60 * 1000
const ALICE = 'a1'.repeat(32)

/** Bob's end of what Alice says: what is kept of it, and what he was shown. */
class Reader {
  readonly store = new MemoryStore()
  readonly shown: string[] = []
  now = NOW
  history!: History
  #receiver!: Receiver
  #records!: RecordStore
  readonly #maxGone: number

  constructor(maxGone: number) {
    this.#maxGone = maxGone
  }

  /** Begins, or begins anew with what is kept. */
  async start(): Promise<void> {
    const plain = {
      seal: (_path: string, value: Uint8Array) => Promise.resolve(value),
      open: (_path: string, value: Uint8Array) => Promise.resolve(value),
    }
    await (this.#records as RecordStore | undefined)?.flush()
    const records = (this.#records = new RecordStore(this.store, plain))
    const now = (): number => this.now
    const burns = { destroy: () => Promise.resolve() } as unknown as BurnBox
    const kept = { records, fingerprint: ALICE }
    const history = new History({ ...kept, burns, now, maxGone: this.#maxGone })
    this.history = history
    const numbers = new MessageNumbers({
      ...kept,
      nextOrder: () => history.nextOrder(),
      isTaken: (order) => history.isTaken(order),
      onMissing: () => undefined,
    })
    await Promise.all([history.load(), numbers.load()])
    const texts = new IncomingTexts({
      fingerprint: ALICE,
      history,
      onMessage: ({ id }) => this.shown.push(id),
      now,
      arriving: (message) => Promise.resolve(message),
      arrived: () => Promise.resolve(),
    })
    this.#receiver = new Receiver({
      crypto: nodeCrypto,
      self: 'b0'.repeat(32),
      fingerprint: ALICE,
      clock: { now, elapsed: now },
      numbers,
      handlers: new Map([['text', texts]]),
      gate: { isOpen: true, admit: () => Promise.resolve(true) },
      isKnown: (id) => history.has(id),
      mayHaveForgotten: (id) => history.mayHaveForgotten(id),
    })
  }

  /** Whether it is acknowledged. */
  hear(text: TextContent): Promise<boolean> {
    return this.#receiver.store(text, 0)
  }

  async remove(id: string): Promise<void> {
    const message = await this.history.get(id)
    if (message !== undefined) await this.history.remove(message)
  }

  async kept(kind: string): Promise<number> {
    await this.#records.flush()
    let count = 0
    for await (const path of this.#records.paths({ prefix: `${kind}/` })) count += path ? 1 : 0
    return count
  }
}

function textOf(number: number, timestamp: number): TextContent {
  const id = createMessageId(timestamp, (length) => nodeCrypto.randomBytes(length))
  return { type: 'text', id, timestamp, text: `text ${number}`, number, after: 0 }
}

async function readerWith(maxGone: number): Promise<Reader> {
  const reader = new Reader(maxGone)
  await reader.start()
  return reader
}

describe('ids of messages that are gone', () => {
  it('show nothing twice and refuse nothing new, over restarts and clocks that jump by days', async () => {
    const jump = fc.integer({ min: -40, max: 40 })
    const step = fc.oneof(
      fc.record({ kind: fc.constant('send' as const), jump }),
      fc.record({ kind: fc.constant('again' as const), which: fc.nat() }),
      fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }),
      fc.record({ kind: fc.constant('restart' as const), jump }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async (steps) => {
        const reader = await readerWith(3)
        const sent: TextContent[] = []
        let authorNow = NOW
        for (const one of steps) {
          if (one.kind === 'send') {
            authorNow += one.jump * DAY_MS
            const text = textOf(sent.length + 1, authorNow)
            sent.push(text)
            expect(await reader.hear(text), 'a new one is acknowledged').to.equal(true)
            expect(reader.shown.at(-1)).to.equal(text.id)
          } else if (one.kind === 'restart') {
            reader.now += one.jump * DAY_MS
            await reader.start()
          } else if (sent.length > 0) {
            const text = sent[one.which % sent.length]!
            if (one.kind === 'again') await reader.hear(text)
            else await reader.remove(text.id)
          }
          expect(reader.shown, 'each was shown once').to.have.lengthOf(sent.length)
        }
        expect(await reader.kept('gone')).to.be.at.most(3)
      }),
      { numRuns: 60 },
    )
  })

  it('do not grow with ten thousand messages that came and went', async () => {
    const reader = await readerWith(MAX_GONE_IDS)
    const texts = Array.from({ length: 10_000 }, (_, index) => textOf(index + 1, NOW + index))
    let before: TextContent | undefined
    for (const text of texts) {
      await reader.hear(text)
      if (before !== undefined) await reader.remove(before.id)
      before = text
    }
    expect([await reader.kept('message'), await reader.kept('message-id')]).to.deep.equal([1, 1])
    expect(await reader.kept('gone')).to.be.within(1, MAX_GONE_IDS)
    expect(await reader.kept('')).to.be.at.most(MAX_GONE_IDS + 5)
    for (let restarts = 0; restarts < 2; restarts++) {
      // the last is remembered, and acknowledged again; of the first its number alone is
      expect(await reader.hear(texts.at(-2)!)).to.equal(true)
      expect(await reader.hear(texts[0]!)).to.equal(false)
      await reader.start()
    }
    expect(reader.shown).to.have.lengthOf(10_000)
  }).timeout(60_000)

  it('let through what somebody says whose state went back, under a number that was there before', async () => {
    const reader = await readerWith(1)
    const texts = [1, 2, 3].map((number) => textOf(number, NOW + number))
    for (const text of texts) await reader.hear(text)
    for (const { id } of texts) await reader.remove(id)
    expect(await reader.hear(texts[0]!), 'forgotten, and refused').to.equal(false)
    const anew = textOf(1, NOW + 1000)
    expect(await reader.hear(anew)).to.equal(true)
    expect(reader.shown.at(-1)).to.equal(anew.id)
  })

  it('let through what was not waited for any more', async () => {
    const reader = await readerWith(1)
    const late = textOf(1, NOW)
    const gap = MAX_MISSING_MESSAGES + 10
    const texts = [0, 1, 2].map((index) => textOf(gap + index, NOW + 1 + index))
    for (const text of texts) await reader.hear(text)
    for (const { id } of texts) await reader.remove(id)
    await reader.start()
    expect(await reader.hear(late)).to.equal(true)
    expect(reader.shown.at(-1)).to.equal(late.id)
  })

  it('are those of the conversation’s other side where a time decides', async () => {
    const reader = await readerWith(1)
    const base = { conversation: ALICE, author: ALICE, text: 'x', timestamp: NOW }
    for (let index = 1; index <= 3; index++) {
      // ours, written by a clock that was a year ahead
      const { id } = textOf(0, NOW + 365 * DAY_MS + index)
      const order = reader.history.nextOrder()
      const own = { ...base, id, order, outgoing: true, state: 'delivered' as const }
      await reader.history.put(own)
      await reader.history.remove(own)
    }
    expect(await reader.history.mayHaveForgotten(textOf(0, NOW).id)).to.equal(false)
  })
})
