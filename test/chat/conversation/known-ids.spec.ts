import { expect } from 'chai'
import { KnownIds } from '../../../src/chat/conversation/known-ids.ts'
import { createMessageId } from '../../../src/chat/message/message-id.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import type { KeyRange } from '../../../src/chat/store/index.ts'

const NOW = 1_700_000_000_000
const HOUR_MS = 60 * 60 * 1000
/** More than are remembered with their places. */
const MANY = 8200

/** Counts how often all young ids are read. */
class CountingRecords extends RecordStore {
  readings = 0

  constructor() {
    super(new MemoryStore(), {
      seal: (_path, value) => Promise.resolve(value),
      open: (_path, value) => Promise.resolve(value),
    })
  }

  override paths(range: KeyRange): AsyncIterable<string> {
    if (range.after !== undefined) this.readings++
    return super.paths(range)
  }
}

describe('ids of messages that are here', () => {
  let now: number
  let records: CountingRecords
  let known: KnownIds

  beforeEach(() => {
    now = NOW
    records = new CountingRecords()
    known = new KnownIds({ records, fingerprint: 'a1', now: () => now, maxGone: 10 })
  })

  /** So many messages, stored. */
  async function arrive(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () =>
      createMessageId(now, (length) => nodeCrypto.randomBytes(length)),
    )
    await records.putAll(ids.flatMap((id, index) => known.entryFor(id, index)))
    for (const [index, id] of ids.entries()) known.add(id, index)
    return ids
  }

  async function areKnown(ids: readonly string[]): Promise<boolean> {
    for (const id of ids) if (!(await known.has(id))) return false
    return true
  }

  it('are known after a long burst, and the store is not read again for it', async () => {
    expect(await known.has('0'.repeat(32))).to.be.false
    const ids = await arrive(2 * MANY)
    expect(await areKnown(ids)).to.be.true
    expect(records.readings).to.equal(1)
  })

  it('are read anew once a day, without those that have grown old', async () => {
    const early = await arrive(10)
    expect(await known.has('0'.repeat(32))).to.be.false
    now += 25 * HOUR_MS
    const late = await arrive(MANY)
    expect(await areKnown([...early, ...late])).to.be.true
    expect(records.readings).to.equal(2)
  })

  it('are forgotten with their messages, in the middle of a burst as well', async () => {
    expect(await known.has('0'.repeat(32))).to.be.false
    const [first = '', ...others] = await arrive(MANY)
    await records.delete(known.entryFor(first, 0)[0]?.[0] ?? '')
    await known.removed(first)
    expect(await areKnown(others)).to.be.true
    expect(await known.orderOf(first)).to.equal(undefined)
  })
})
