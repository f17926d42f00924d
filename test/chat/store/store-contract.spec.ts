import { expect } from 'chai'
import { utf8 } from '../../../src/crypto/bytes.ts'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { KeptStore } from '../support/kept.ts'
import type { KeyRange, KeyValueStore } from '../../../src/chat/store/index.ts'

const stores: readonly (readonly [where: string, make: () => KeyValueStore])[] = [
  ['in memory', () => new MemoryStore()],
  ['in the database of the platform', () => new KeptStore()],
]

const byte = (value: number): Uint8Array => Uint8Array.of(value)
const named = (names: readonly string[]) => names.map((name) => [name, utf8(name)] as const)

async function keysIn(store: KeyValueStore, range: KeyRange): Promise<string[]> {
  return Array.fromAsync(store.iterate(range), ([name]) => name)
}

for (const [where, make] of stores) {
  describe(`a store ${where}`, () => {
    let store: KeyValueStore

    beforeEach(() => {
      store = make()
    })

    it('gives back what was written, and nothing that was deleted', async () => {
      await store.write([
        ['a', byte(1)],
        ['b', byte(2)],
      ])
      await store.write([
        ['a', undefined],
        ['b', byte(3)],
      ])
      expect([await store.get('a'), await store.get('b')]).to.deep.equal([undefined, byte(3)])
    })

    it('keeps the last of many writes to one key, handed over at once', async () => {
      const writes = Array.from({ length: 100 }, (_, index) =>
        store.write([['a', index % 3 === 0 ? undefined : byte(index)]]),
      )
      await Promise.all(writes)
      // 99 is deleted
      expect(await store.get('a')).to.equal(undefined)
      await Promise.all([store.write([['a', byte(1)]]), store.write([['a', byte(2)]])])
      expect(await store.get('a')).to.deep.equal(byte(2))
    })

    it('iterates over a prefix in key order, also while it is written to', async () => {
      await store.write(named(['m/2', 'm/1', 'n/1', 'm/10', 'm']))
      const keys: string[] = []
      for await (const [name] of store.iterate({ prefix: 'm/' })) {
        keys.push(name)
        await store.write([
          ['m/10', undefined],
          ['m/11', utf8('later')],
        ])
      }
      // what is written meanwhile may be seen or not
      const settled = keys.filter((name) => name !== 'm/10' && name !== 'm/11')
      expect(settled).to.deep.equal(['m/1', 'm/2'])
      expect(keys).to.deep.equal([...keys].sort())
      expect(await keysIn(store, { prefix: 'm/' })).to.deep.equal(['m/1', 'm/11', 'm/2'])
    })

    it('can be walked from either end and cut at either end', async () => {
      await store.write(named(['m/1', 'm/2', 'm/3', 'm/4', 'n/1']))
      const range = (cut: Partial<KeyRange>) => keysIn(store, { prefix: 'm/', ...cut })
      expect(await range({ after: 'm/1' })).to.deep.equal(['m/2', 'm/3', 'm/4'])
      expect(await range({ before: 'm/3' })).to.deep.equal(['m/1', 'm/2'])
      expect(await range({ reverse: true })).to.deep.equal(['m/4', 'm/3', 'm/2', 'm/1'])
      const inner = { after: 'm/1', before: 'm/4', reverse: true }
      expect(await range(inner)).to.deep.equal(['m/3', 'm/2'])
    })

    it('holds nothing back once it was flushed', async () => {
      void store.write([['a', byte(1)]])
      void store.write([['a', byte(2)]])
      await store.flush()
      expect(await store.get('a')).to.deep.equal(byte(2))
    })
  })
}

describe('the database of the platform', () => {
  it('has what a write that resolved left there when it is opened again, and each write whole', async () => {
    const store = new KeptStore()
    for (let life = 0; life < 5; life++) {
      const writes = Array.from({ length: 40 }, (_, index) =>
        store.write([
          [`a/${String(index)}`, byte(life)],
          [`b/${String(index)}`, byte(life)],
        ]),
      )
      await Promise.all(writes)
      await store.close()
      for (const prefix of ['a/', 'b/']) {
        const values = await Array.fromAsync(store.iterate({ prefix }), ([, value]) => value[0])
        expect(values).to.deep.equal(Array.from({ length: 40 }, () => life))
      }
    }
  })
})
