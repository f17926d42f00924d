import { expect } from 'chai'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { utf8 } from '../../../src/crypto/bytes.ts'
import { JournaledStore } from '../../../src/node/store/journaled-store.ts'
import { failure, rejection } from '../../chat/support/rejection.ts'
import { MapDatabase } from './support/map-database.ts'

/** Long enough that no test sees it pass. */
const flushDelayMs = 3_600_000

/** Everything that waits for nothing outside has happened. */
function turn(): Promise<void> {
  return new Promise((done) => setImmediate(done))
}

describe('journaled store', () => {
  let folder: string
  let database: MapDatabase
  let store: JournaledStore

  const segments = (): string[] => readdirSync(folder).map((name) => path.join(folder, name))
  const onDisk = (): Buffer => Buffer.concat(segments().map((name) => readFileSync(name)))
  const keys = async (prefix: string): Promise<string[]> =>
    (await Array.fromAsync(store.iterate({ prefix }))).map(([key]) => key)
  const reopen = async (): Promise<void> => {
    database = database.crash()
    store = await JournaledStore.open(database, folder, { flushDelayMs })
  }

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-journal-'))
    database = new MapDatabase()
    store = await JournaledStore.open(database, folder, { flushDelayMs })
  })
  afterEach(async () => {
    database.gate = Promise.resolve()
    database.failure = undefined
    await store.close()
    rmSync(folder, { recursive: true })
  })

  it('has a write in its journal when it resolves, and in no database', async () => {
    const writing = store.write([['a', utf8('value of a')]])
    expect(onDisk().includes('value of a')).to.be.false
    await writing
    expect(onDisk().includes('value of a')).to.be.true
    expect(database.batches).to.be.empty
  })

  it('shows a write before it resolves to whoever reads behind it, and has it then', async () => {
    void store.write([['a', utf8('1')]])
    expect(await store.get('a')).to.deep.equal(utf8('1'))
    void store.write([['b', utf8('1')]])
    expect(await keys('')).to.deep.equal(['a', 'b'])
    void store.write([['c', utf8('value of c')]])
    await store.flush()
    expect(database.values.has('c')).to.be.true
  })

  it('appends what is written in one turn of the event loop in one go, a few at a time', async () => {
    const segment = (): number => segments().reduce((sum, name) => sum + statSync(name).size, 0)
    const sizes: number[] = []
    const writes = Array.from({ length: 10 }, (_, n) =>
      store.write([['k', Uint8Array.of(n)]]).then(() => sizes.push(segment())),
    )
    await Promise.all(writes)
    expect(new Set(sizes)).to.have.property('size', 2)
    expect(await store.get('k')).to.deep.equal(Uint8Array.of(9))
  })

  it('rejects what was to be appended together, and nothing else, when it cannot be', async () => {
    await store.write([['a', utf8('1')]])
    await store.flush()
    rmSync(folder, { recursive: true })
    const names = await Promise.all(
      ['b', 'c'].map((key) => rejection(() => store.write([[key, utf8('1')]]))),
    )
    expect(names).to.deep.equal(['JournalWriteError', 'JournalWriteError'])
    mkdirSync(folder)
    await store.write([['d', utf8('1')]])
    expect(await keys('')).to.deep.equal(['a', 'd'])
  })

  it('shows what is pending over what is stored', async () => {
    for (const [key, value] of [
      ['m/1', 'old'],
      ['m/3', 'old'],
      ['m/5', 'old'],
    ] as const) {
      database.values.set(key, utf8(value))
    }
    database.gate = new Promise(() => undefined)
    await store.write([
      ['m/1', undefined],
      ['m/2', utf8('new')],
      ['m/3', utf8('new')],
      ['m/6', utf8('new')],
      ['n/1', utf8('new')],
    ])
    expect(await keys('m/')).to.deep.equal(['m/2', 'm/3', 'm/5', 'm/6'])
    expect(await store.get('m/1')).to.equal(undefined)
    expect(await store.get('m/3')).to.deep.equal(utf8('new'))
    const backwards = store.iterate({ prefix: 'm/', after: 'm/2', reverse: true })
    expect((await Array.fromAsync(backwards)).map(([key]) => key)).to.deep.equal([
      'm/6',
      'm/5',
      'm/3',
    ])
    await reopen()
  })

  it('takes to the database only the last value of a key', async () => {
    await store.write([['a', utf8('sent')]])
    await store.write([['a', utf8('delivered')]])
    await store.flush()
    expect(database.batches).to.deep.equal([[['a', utf8('delivered')]]])
    expect(segments()).to.be.empty
  })

  it('shows what is on its way to the database, and what came after', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    database.gate = promise
    await store.write([
      ['a', utf8('1')],
      ['b', utf8('1')],
    ])
    const flushed = store.flush()
    await turn()
    await store.write([['b', utf8('2')]])
    expect(await store.get('a')).to.deep.equal(utf8('1'))
    expect(await store.get('b')).to.deep.equal(utf8('2'))
    expect(await keys('')).to.deep.equal(['a', 'b'])
    resolve(undefined)
    await flushed
    expect(database.values.get('b')).to.deep.equal(utf8('1'))
    expect(await store.get('b')).to.deep.equal(utf8('2'))
  })

  it('lets go of a deleted value: after a flush no segment holds it', async () => {
    await store.write([['secret', utf8('to be burned')]])
    await store.write([['secret', undefined]])
    await store.flush()
    expect(onDisk().includes('to be burned')).to.be.false
    expect(database.values.has('secret')).to.be.false
  })

  it('flushes what was written while a flush was under way', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    database.gate = promise
    await store.write([['a', utf8('1')]])
    const first = store.flush()
    await turn()
    await store.write([['b', utf8('1')]])
    const second = store.flush()
    resolve(undefined)
    await Promise.all([first, second])
    expect([...database.values.keys()]).to.deep.equal(['a', 'b'])
    expect(segments()).to.be.empty
  })

  it('finds everything again after a crash, at whatever step of a flush', async () => {
    await store.write([['a', utf8('1')]])
    await store.write([['b', utf8('1')]])
    await reopen()
    expect(await keys('')).to.deep.equal(['a', 'b'])
    await store.flush()
    database.gate = new Promise(() => undefined)
    await store.write([['a', utf8('2')]])
    void store.flush()
    await turn()
    await store.write([['a', utf8('3')]])
    expect(segments()).to.have.length(2)
    await reopen()
    expect(await store.get('a')).to.deep.equal(utf8('3'))
    await store.flush()
    expect(database.values.get('a')).to.deep.equal(utf8('3'))
  })

  it('takes what a crash left to the database by itself', async () => {
    await store.write([['a', utf8('1')]])
    await reopen()
    await store.flush()
    expect(database.batches).to.have.length(1)
    expect(segments()).to.be.empty
  })

  it('loses nothing when the database takes nothing, and tries again', async () => {
    database.failure = new Error('disk full')
    await store.write([['a', utf8('1')]])
    expect((await failure(() => store.flush())).message).to.equal('disk full')
    await store.write([['b', utf8('1')]])
    expect(await keys('')).to.deep.equal(['a', 'b'])
    expect(segments()).to.not.be.empty
    database.failure = undefined
    await store.flush()
    expect([...database.values.keys()]).to.deep.equal(['a', 'b'])
    expect(segments()).to.be.empty
  })

  it('makes writers wait in turn, and fail, where the database does not keep up', async () => {
    await store.close()
    const { promise, resolve } = Promise.withResolvers<undefined>()
    database.gate = promise
    store = await JournaledStore.open(database, folder, {
      flushDelayMs,
      flushAtBytes: 200,
      maxJournalBytes: 600,
    })
    const written: number[] = []
    const writes = Array.from({ length: 20 }, (_, n) =>
      store.write([['k', new Uint8Array(50).fill(n)]]).then(() => written.push(n)),
    )
    await turn()
    expect(written.length).to.be.greaterThan(5).and.lessThan(20)
    expect(onDisk().byteLength).to.be.lessThan(1200)
    resolve(undefined)
    await Promise.all(writes)
    expect(written).to.deep.equal(Array.from({ length: 20 }, (_, n) => n))
    expect(await store.get('k')).to.deep.equal(new Uint8Array(50).fill(19))

    database.failure = new Error('disk full')
    const many = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) => store.write([[`f${n}`, new Uint8Array(50)]])),
    )
    expect(many.at(-1)).to.deep.include({ status: 'rejected', reason: database.failure })
    const kept = many.filter(({ status }) => status === 'fulfilled').length
    expect(await keys('f')).to.have.length(kept)
  })

  it('is a file of its owner alone', async () => {
    await store.write([['a', utf8('1')]])
    expect(segments().map((name) => statSync(name).mode & 0o777)).to.deep.equal([0o600])
  })

  it('refuses a segment that was damaged in the middle, and one that is something else', async () => {
    await store.write([['a', utf8('1')]])
    await store.write([['b', utf8('1')]])
    const [segment = ''] = segments()
    const whole = readFileSync(segment)
    const damaged = Buffer.from(whole)
    damaged.writeUInt8(damaged.readUInt8(30) ^ 1, 30)
    writeFileSync(segment, damaged)
    expect(await rejection(reopen)).to.equal('JournalCorruptError')
    writeFileSync(segment, 'something else entirely')
    expect(await rejection(reopen)).to.equal('JournalCorruptError')
    // a header that was interrupted is an empty segment
    writeFileSync(segment, whole.subarray(0, 10))
    await reopen()
    expect(await keys('')).to.deep.equal([])
  })

  it('takes nothing more once it is closed', async () => {
    await store.write([['a', utf8('1')]])
    await store.close()
    expect(database.values.has('a')).to.be.true
    expect(await rejection(() => store.write([['b', utf8('1')]]))).to.equal('StoreClosedError')
  })
})
