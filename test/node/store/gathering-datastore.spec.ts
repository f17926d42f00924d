import { mock } from 'node:test'
import { expect } from 'chai'
import { MemoryDatastore } from 'datastore-core'
import { Key } from 'interface-datastore'
import {
  GATHER_MS,
  GatheringDatastore,
  MAX_GATHERED,
} from '../../../src/node/store/gathering-datastore.ts'
import { failure, rejection } from '../../chat/support/rejection.ts'

const settled = (): Promise<void> => new Promise(setImmediate)
const bytes = (value: number): Uint8Array => Uint8Array.of(value)

/** Counts what reaches it, and can be made to fail. */
class Below extends MemoryDatastore {
  commits: string[][] = []
  reads = 0
  failure: Error | undefined
  isClosed = false

  override get(key: Key): Uint8Array {
    this.reads++
    return super.get(key) as Uint8Array
  }

  close(): Promise<void> {
    this.isClosed = true
    return Promise.resolve()
  }

  override batch(): ReturnType<MemoryDatastore['batch']> {
    const changes: (() => unknown)[] = []
    const names: string[] = []
    return {
      put: (key, value) => {
        names.push(`+${key.toString()}`)
        changes.push(() => super.put(key, value))
      },
      delete: (key) => {
        names.push(`-${key.toString()}`)
        changes.push(() => super.delete(key))
      },
      commit: async () => {
        await settled()
        if (this.failure !== undefined) throw this.failure
        this.commits.push(names)
        for (const change of changes) await change()
      },
    }
  }
}

describe('the gathering datastore', () => {
  const [a, b] = [new Key('/peers/a'), new Key('/peers/b')]
  let below: Below
  let store: GatheringDatastore

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    below = new Below()
    store = new GatheringDatastore(below)
  })
  afterEach(() => {
    mock.timers.reset()
  })

  const pass = async (ms: number): Promise<void> => {
    mock.timers.tick(ms)
    for (let turn = 0; turn < 4; turn++) await settled()
  }

  it('writes once what was written often, and says at once what it will write', async () => {
    for (let value = 1; value <= 5; value++) await store.put(a, bytes(value))
    await store.put(b, bytes(9))
    expect(await store.get(a)).to.deep.equal(bytes(5))
    await pass(GATHER_MS - 1)
    expect(below.commits).to.deep.equal([])
    await pass(1)
    expect(below.commits).to.deep.equal([['+/peers/a', '+/peers/b']])
    expect(await store.get(a)).to.deep.equal(bytes(5))
    expect(below.reads).to.equal(0)
    expect(below.get(a)).to.deep.equal(bytes(5))
    await pass(2 * GATHER_MS)
    expect(below.commits).to.have.length(1)
  })

  it('reads once what it has not written itself', async () => {
    await below.put(a, bytes(1))
    for (let time = 0; time < 3; time++) expect(await store.get(a)).to.deep.equal(bytes(1))
    expect(below.reads).to.equal(1)
    expect(await rejection(() => store.get(b))).to.equal('NotFoundError')
    expect([await store.has(a), await store.has(b)]).to.deep.equal([true, false])
  })

  it('deletes what waits, what is being written and what is below', async () => {
    await below.put(a, bytes(1))
    await store.get(a)
    await store.delete(a)
    expect(await store.has(a)).to.equal(false)
    expect(await rejection(() => store.get(a))).to.equal('NotFoundError')
    const flushed = store.flush()
    await Promise.resolve()
    expect(await rejection(() => store.get(a))).to.equal('NotFoundError')
    await flushed
    expect(below.commits).to.deep.equal([['-/peers/a']])
    expect(await rejection(() => store.get(a))).to.equal('NotFoundError')
  })

  it('keeps the order of changes to one key, also of those that come while it writes', async () => {
    await store.put(a, bytes(1))
    const flushed = store.flush()
    await store.put(a, bytes(2))
    expect(await store.get(a)).to.deep.equal(bytes(2))
    await flushed
    expect(await store.get(a)).to.deep.equal(bytes(2))
    await store.flush()
    expect(below.get(a)).to.deep.equal(bytes(2))
  })

  it('answers queries with what it has not written yet', async () => {
    const batch = store.batch()
    batch.put(a, bytes(1))
    batch.put(b, bytes(2))
    batch.delete(a)
    await batch.commit()
    const found: string[] = []
    for await (const { key } of store.query({ prefix: '/peers' })) found.push(key.toString())
    for await (const key of store.queryKeys({ prefix: '/peers' })) found.push(key.toString())
    expect(found).to.deep.equal(['/peers/b', '/peers/b'])
  })

  it('writes what waits before it closes, and closes although it cannot', async () => {
    await store.put(a, bytes(1))
    await store.close()
    expect([below.commits.length, below.isClosed]).to.deep.equal([1, true])
    below.isClosed = false
    below.failure = new Error('disk full')
    await store.put(a, bytes(2))
    expect(await failure(() => store.close())).to.equal(below.failure)
    expect(below.isClosed).to.equal(true)
  })

  it('lets no more wait than it may', async () => {
    for (let index = 0; index < MAX_GATHERED - 1; index++) {
      await store.put(new Key(`/peers/${index}`), bytes(0))
    }
    expect(below.commits).to.deep.equal([])
    await store.put(a, bytes(1))
    expect(below.commits[0]).to.have.length(MAX_GATHERED)
  })

  it('loses nothing when a write fails, and tells whoever writes next', async () => {
    below.failure = new Error('disk full')
    await store.put(a, bytes(1))
    await pass(GATHER_MS)
    expect(await store.get(a)).to.deep.equal(bytes(1))
    expect(await failure(() => store.put(b, bytes(2)))).to.equal(below.failure)
    below.failure = undefined
    await store.put(b, bytes(3))
    expect(below.commits).to.deep.equal([['+/peers/a', '+/peers/b']])
    expect([below.get(a), below.get(b)]).to.deep.equal([bytes(1), bytes(3)])
  })
})
