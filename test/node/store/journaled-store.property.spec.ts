import { expect } from 'chai'
import fc from 'fast-check'
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { JournaledStore } from '../../../src/node/store/journaled-store.ts'
import { LevelStore } from '../../../src/node/store/level-store.ts'
import { MapDatabase } from './support/map-database.ts'
import type { KeyRange } from '../../../src/chat/store/index.ts'
import type { JournaledDatabase } from '../../../src/node/store/journaled-store.ts'

const key = fc.constantFrom('a', 'm', 'm/', 'm/1', 'm/10', 'm/2', 'm/3', 'm0', 'n/1')
const value = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined })
/** `after` and `before` are keys of the prefix, as a range promises. */
const range: fc.Arbitrary<KeyRange> = fc
  .record(
    {
      prefix: fc.constantFrom('', 'm', 'm/', 'n/'),
      after: fc.constantFrom('m/1', 'm/10', 'm/2', 'n/0'),
      before: fc.constantFrom('m/2', 'm/3', 'm/9', 'n/2'),
      reverse: fc.boolean(),
    },
    { requiredKeys: ['prefix'] },
  )
  .filter(({ prefix, after, before }) =>
    [after, before].every((bound) => bound === undefined || bound.startsWith(prefix)),
  )

type Step =
  | { readonly do: 'write'; readonly entries: [string, Uint8Array | undefined][] }
  | { readonly do: 'iterate'; readonly range: KeyRange }
  | { readonly do: 'flush' | 'begin to flush' | 'reopen' | 'crash' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      entries: fc.array(fc.tuple(key, value), { maxLength: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('iterate' as const), range }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('flush' as const, 'begin to flush' as const, 'reopen' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
)

interface Disk {
  open(): Promise<JournaledDatabase>
  /** Undefined where a crash cannot be played in this process. */
  readonly crash: (() => void) | undefined
}

function levelDisk(folder: string): Disk {
  return { open: () => LevelStore.open(path.join(folder, 'records')), crash: undefined }
}

function mapDisk(): Disk {
  let database = new MapDatabase()
  return {
    open: () => Promise.resolve(database),
    crash: () => {
      database = database.crash()
    },
  }
}

/** Does the same to the store and to a plain map, and compares all that can be seen of them. */
async function play(folder: string, disk: Disk, steps: readonly Step[]): Promise<void> {
  let journal = path.join(folder, 'journal')
  mkdirSync(journal)
  const open = async (): Promise<JournaledStore> =>
    JournaledStore.open(await disk.open(), journal, { flushDelayMs: 3_600_000, flushAtBytes: 300 })
  const model = new MemoryStore()
  const compare = async (seen: KeyRange): Promise<void> => {
    expect(await Array.fromAsync(store.iterate(seen))).to.deep.equal(
      await Array.fromAsync(model.iterate(seen)),
    )
  }
  let store = await open()
  for (const now of steps) {
    switch (now.do) {
      case 'write': {
        const { entries } = now
        await Promise.all([store.write(entries), model.write(entries)])
        for (const [name] of entries) {
          expect(await store.get(name)).to.deep.equal(await model.get(name))
        }
        break
      }
      case 'iterate':
        await compare(now.range)
        break
      case 'flush':
        await store.flush()
        break
      case 'begin to flush':
        store.flush().catch(() => undefined)
        break
      case 'reopen':
        await store.close()
        store = await open()
        break
      case 'crash':
        if (disk.crash === undefined) break
        disk.crash()
        // what the dead process has under way finds nothing there any more
        renameSync(journal, `${journal}-`)
        journal = `${journal}-`
        store = await open()
        break
    }
  }
  await compare({ prefix: '' })
  await store.close()
}

describe('journaled store against a plain map', function () {
  this.timeout(60_000)

  const run = (numRuns: number, disk: (folder: string) => Disk): Promise<void> =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-journal-'))
        try {
          await play(folder, disk(folder), steps)
        } finally {
          rmSync(folder, { recursive: true })
        }
      }),
      { numRuns },
    )

  it('holds the same, with crashes between any two steps', () => run(150, mapDisk))
  it('holds the same on LevelDB, in the same order', () => run(40, levelDisk))
})
