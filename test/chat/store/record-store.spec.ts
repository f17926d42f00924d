import { expect } from 'chai'
import fc from 'fast-check'
import { webCrypto } from '../../../src/crypto/web-crypto.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { MARK, RecordStore } from '../../../src/chat/store/record-store.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { rejection } from '../support/rejection.ts'

const key = nodeCrypto.randomBytes(32)

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  return Array.fromAsync(values)
}

describe('record store', () => {
  let store: MemoryStore
  let records: RecordStore

  beforeEach(() => {
    store = new MemoryStore()
    records = new RecordStore(store, new Vault(nodeCrypto, key.slice()))
  })

  it('says whether it holds anything', async () => {
    expect(await records.isEmpty()).to.be.true
    await records.put('a', 1)
    expect(await records.isEmpty()).to.be.false
  })

  it('keeps any JSON value, and says undefined for what is not there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.jsonValue(), async (path, value) => {
        await records.put(path, value)
        expect(await records.get(path)).to.deep.equal(JSON.parse(JSON.stringify(value)))
        expect(await records.has(path)).to.be.true
        await records.delete(path)
        expect([await records.get(path), await records.has(path)]).to.deep.equal([undefined, false])
      }),
    )
  })

  it('iterates over records of a prefix in key order', async () => {
    for (const name of ['b', 'a', 'c']) await records.put(`contact/${name}`, { name })
    await records.put('message/a', 1)
    expect(await all(records.iterate({ prefix: 'contact/' }))).to.deep.equal([
      { name: 'a' },
      { name: 'b' },
      { name: 'c' },
    ])
  })

  it('begins each record with version 1, and keeps nothing readable', async () => {
    await records.put('message/a', { text: 'a secret text' })
    const record = await store.get('message/a')
    expect(record?.[0]).to.equal(1)
    expect(new TextDecoder().decode(record)).to.not.contain('secret')
  })

  it('never seals the same record to the same bytes', async () => {
    await records.put('a', 1)
    const first = await store.get('a')
    await records.put('a', 1)
    expect(await store.get('a')).to.not.deep.equal(first)
  })

  it('refuses a record of another version', async () => {
    await records.put('a', 1)
    const record = await store.get('a')
    for (const version of [0, 2, 255]) {
      await store.write([['a', Uint8Array.of(version, ...record!.subarray(1))]])
      expect(await rejection(() => records.get('a'))).to.equal('DecryptionError')
    }
  })

  it('refuses records that changed places', async () => {
    await records.put('contact/alice', { verified: true })
    await records.put('contact/mallory', { verified: false })
    const record = await store.get('contact/alice')
    await store.write([['contact/mallory', record]])
    expect(await rejection(() => records.get('contact/mallory'))).to.equal('DecryptionError')
    expect(await rejection(() => all(records.iterate({ prefix: 'contact/' })))).to.equal(
      'DecryptionError',
    )
  })

  it('refuses records that were altered, cut short or sealed with another key', async () => {
    await records.put('a', { text: 'x' })
    const record = (await store.get('a'))!
    for (let index = 0; index < record.byteLength; index++) {
      const altered = new Uint8Array(record)
      altered[index]! ^= 1
      await store.write([['a', altered]])
      expect(await rejection(() => records.get('a'))).to.equal('DecryptionError')
      await store.write([['a', record.slice(0, index)]])
      expect(await rejection(() => records.get('a'))).to.equal('DecryptionError')
    }
    await store.write([['a', record]])
    const others = new RecordStore(store, new Vault(nodeCrypto, nodeCrypto.randomBytes(32)))
    expect(await rejection(() => others.get('a'))).to.equal('DecryptionError')
  })

  it('keeps a mark, which is there and cannot be read', async () => {
    await records.putAll([['waiting/7', MARK]])
    expect(await records.has('waiting/7')).to.be.true
    expect(await all(records.paths({ prefix: 'waiting/' }))).to.deep.equal(['waiting/7'])
    expect(await rejection(() => records.get('waiting/7'))).to.equal('DecryptionError')
  })

  it('writes what may be late in one batch, as it is by then, each asked once', async () => {
    const batches: string[][] = []
    const write = store.write.bind(store)
    const written = new Promise<void>((resolve) => {
      store.write = async (entries) => {
        batches.push(entries.map(([path]) => path))
        await write(entries)
        resolve()
      }
    })
    let count = 0
    const counter = { entries: () => [['count', count] as const] }
    for (; count < 5; count++) records.putLate(counter)
    records.putLate({ entries: () => [['mark', undefined]] })
    expect(batches).to.deep.equal([])
    await written
    expect(batches).to.deep.equal([['count', 'mark']])
    expect(await records.get('count')).to.equal(5)
  })

  it('writes what may be late before it flushes or closes, and says when it could not', async () => {
    const late = (path: string) => ({ entries: () => [[path, 1] as const] })
    records.putLate(late('a'))
    await records.flush()
    expect(await records.has('a')).to.be.true
    records.putLate(late('b'))
    await records.close()
    expect(await records.has('b')).to.be.true
    store.write = () => Promise.reject(new Error('disk full'))
    let failures = 0
    records.putLate({ ...late('c'), onFailure: () => failures++ })
    await records.flush()
    expect(failures).to.equal(1)
  })

  it('reads in one backend what the other sealed', async () => {
    await records.put('a', 'x')
    const web = new RecordStore(store, new Vault(webCrypto, key.slice()))
    expect(await web.get('a')).to.equal('x')
  })

  describe('behind a cipher whose seals take their own time', () => {
    /** Seals that end when and how the test says, by path. */
    const seals = new Map<string, PromiseWithResolvers<Uint8Array>>()
    const slow = (): RecordStore =>
      new RecordStore(store, {
        seal: (path) => {
          const seal = Promise.withResolvers<Uint8Array>()
          seals.set(path, seal)
          return seal.promise
        },
        open: (_path, sealed) => Promise.resolve(sealed),
      })

    it('writes in the order of the calls', async () => {
      const written: string[] = []
      const spied = slow()
      const first = spied.put('first', 1).then(() => written.push('first'))
      const second = spied.put('second', 2).then(() => written.push('second'))
      seals.get('second')?.resolve(Uint8Array.of(2))
      await new Promise((resolve) => setTimeout(resolve))
      expect(await store.get('second')).to.equal(undefined)
      seals.get('first')?.resolve(Uint8Array.of(1))
      await Promise.all([first, second])
      expect(written).to.deep.equal(['first', 'second'])
    })

    it('tells the caller alone of a seal that failed, also while another write waits', async () => {
      const unhandled: unknown[] = []
      const listen = (reason: unknown): void => void unhandled.push(reason)
      // mocha's own listeners would fail the test from outside, without saying where it came from
      const others = process.listeners('unhandledRejection')
      process.removeAllListeners('unhandledRejection').on('unhandledRejection', listen)
      try {
        const slowRecords = slow()
        const waiting = slowRecords.put('waiting', 1)
        const failing = rejection(() => slowRecords.put('failing', 2))
        seals.get('failing')?.reject(new RangeError('the vault is closed'))
        await new Promise((resolve) => setTimeout(resolve))
        seals.get('waiting')?.resolve(Uint8Array.of(1))
        await waiting
        expect(await failing).to.equal('RangeError')
        await slowRecords.delete('waiting')
        expect(await store.get('waiting')).to.equal(undefined)
      } finally {
        process.removeListener('unhandledRejection', listen)
        for (const other of others) process.on('unhandledRejection', other)
      }
      expect(unhandled).to.deep.equal([])
    })
  })
})
