import { expect } from 'chai'
import fc from 'fast-check'
import { MAX_MISSING_MESSAGES } from '../../../src/chat/conversation/constants.ts'
import { MessageNumbers } from '../../../src/chat/conversation/message-numbers.ts'
import { readRanges, toRanges } from '../../../src/chat/conversation/number-ranges.ts'
import { KeptStore } from '../support/kept.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { rejection } from '../support/rejection.ts'

/** Numbers, and the places that were given out and taken. */
class World {
  readonly records = new RecordStore(new KeptStore(), new Vault(nodeCrypto, new Uint8Array(32)))
  readonly taken = new Map<number, number>()
  order = 0
  gaps = 0
  numbers!: MessageNumbers

  async start(): Promise<void> {
    this.numbers = new MessageNumbers({
      records: this.records,
      fingerprint: 'bob',
      nextOrder: () => ++this.order,
      isTaken: (order) => Promise.resolve(this.taken.has(order)),
      onMissing: () => this.gaps++,
    })
    await this.numbers.load()
  }

  arrive(number: number): void {
    const order = this.numbers.place(number)
    if (order === undefined) return
    expect(this.taken.has(order), `place ${order} is free`).to.equal(false)
    this.taken.set(order, number)
    this.numbers.settle(number, true)
  }

  get shown(): number[] {
    return [...this.taken].sort(([a], [b]) => a - b).map(([, number]) => number)
  }
}

describe('message numbers', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
    await world.start()
  })

  it('put messages in the order of their numbers, in whatever order and however often they come', async () => {
    const arrivals = fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(arrivals, fc.nat(60), async (list, restartAt) => {
        const one = new World()
        await one.start()
        for (const [index, number] of list.entries()) {
          if (index === restartAt) {
            await one.records.flush()
            await one.start()
          }
          one.arrive(number)
        }
        const unique = [...new Set(list)].sort((a, b) => a - b)
        expect(one.shown).to.deep.equal(unique)
        expect(one.numbers.missing).to.equal((unique.at(-1) ?? 0) - unique.length)
      }),
      { numRuns: 60 },
    )
  })

  it('say after which of the other side’s messages one was written: the last before any gap', () => {
    world.arrive(1)
    expect(world.numbers.give()).to.deep.equal({ number: 1, after: 1 })
    world.arrive(3)
    expect(world.numbers.give()).to.deep.equal({ number: 2, after: 1 })
    world.arrive(2)
    expect(world.numbers.give()).to.deep.equal({ number: 3, after: 3 })
  })

  it('do not count what is still being stored, and wait for what could not be', () => {
    const order = world.numbers.place(1)
    expect(world.numbers.give().after).to.equal(0)
    world.numbers.settle(1, false)
    expect(world.numbers.missing).to.equal(1)
    expect(world.numbers.place(1)).to.equal(order)
    world.numbers.settle(1, true)
    expect(world.numbers.give().after).to.equal(1)
  })

  it('wait for a bounded number of messages, the latest ones', () => {
    world.arrive(5000)
    expect(world.numbers.missing).to.equal(MAX_MISSING_MESSAGES)
    expect(world.numbers.missingRanges()).to.deep.equal([[5000 - MAX_MISSING_MESSAGES, 4999]])
    world.arrive(2 ** 40)
    expect(world.numbers.missing).to.equal(MAX_MISSING_MESSAGES)
    expect(world.order).to.be.lessThan(3000)
  })

  it('are never given twice, over a restart as well', async () => {
    world.numbers.give()
    world.numbers.give()
    world.numbers.keepGiven()
    await world.records.put('behind it', 0)
    await world.start()
    expect(world.numbers.give().number).to.equal(3)
    world.numbers.resume(9)
    expect(world.numbers.give().number).to.equal(10)
  })

  it('keep a place before what comes after it is acknowledged, and otherwise take their time to be written', async () => {
    const heard = async (): Promise<unknown> =>
      (await world.records.get<object>('numbers/bob')) ?? {}
    world.arrive(1)
    await world.records.put('behind it', 0)
    expect(await heard()).to.deep.equal({})
    world.arrive(3)
    await world.records.put('behind it', 0)
    expect(await heard()).to.deep.include({ heard: 3, missing: [[2, 2]] })
    world.arrive(4)
    await world.records.flush()
    expect(await heard()).to.deep.include({ heard: 4, missing: [[2, 2]] })
  })

  it('are not given when the other side has some of ours that we forgot', () => {
    world.numbers.heardAfter(40)
    expect(world.numbers.give().number).to.equal(41)
  })

  it('are let go when their author withdraws them', () => {
    world.arrive(4)
    expect(world.numbers.withdraw([[1, 2]])).to.equal(true)
    expect(world.numbers.withdraw([[1, 2]])).to.equal(false)
    expect(world.numbers.missingRanges()).to.deep.equal([[3, 3]])
    expect(world.gaps).to.equal(1)
  })
})

describe('number ranges', () => {
  it('hold what they were made of', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }), (list) => {
        const numbers = list.sort((a, b) => a - b)
        const ranges = readRanges(structuredClone(toRanges(numbers)))
        const back = ranges.flatMap(([from, to]) =>
          Array.from({ length: to - from + 1 }, (_, index) => from + index),
        )
        expect(back).to.deep.equal(numbers)
      }),
    )
  })

  it('refuse what makes no sense, and what would make us work', async () => {
    const odd = [
      undefined,
      {},
      [[2, 1]],
      [[0, 1]],
      [[1]],
      [1],
      [
        [1, 2],
        [2, 3],
      ],
      [
        [3, 4],
        [1, 2],
      ],
      [[1, 2 ** 50]],
      [[1, MAX_MISSING_MESSAGES + 1]],
      Array.from({ length: 65 }, (_, index) => [index * 2 + 1, index * 2 + 1]),
    ]
    for (const value of odd) {
      expect(await rejection(() => readRanges(value))).to.equal('MalformedMessageError')
    }
  })
})
