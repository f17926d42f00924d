import { Level } from 'level'
import type { KeyRange, KeyValueStore } from '../../chat/store/index.ts'

type Entries = Parameters<KeyValueStore['write']>[0]

/**
 * What LevelDB may hold in memory, in Node.js: an eighth and a quarter of its defaults. The system caches the files
 * anyway, and entries come many at a time.
 */
export const LEVEL_MEMORY = { cacheSize: 1 << 20, writeBufferSize: 1 << 20 }

/** A key-value store on LevelDB in Node and on IndexedDB in the browser: `level` is the same API over both. */
export class LevelStore implements KeyValueStore {
  readonly #db: Level<string, Uint8Array>
  #waiting: (readonly [string, Uint8Array | undefined])[] = []
  #batch: Promise<void> = Promise.resolve()
  #nextBatch: Promise<void> | undefined

  private constructor(db: Level<string, Uint8Array>) {
    this.#db = db
  }

  /** @throws whatever `level` does: `LEVEL_LOCKED`, `LEVEL_CORRUPTION`, … in `cause.code` */
  static async open(location: string): Promise<LevelStore> {
    const db = new Level<string, Uint8Array>(location, {
      keyEncoding: 'utf8',
      valueEncoding: 'view',
      ...LEVEL_MEMORY,
    })
    await db.open()
    return new LevelStore(db)
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.#db.get(key)
  }

  /** Writes that come while a batch is under way share the next one: a burst costs a few batches, not one each. */
  write(entries: Entries): Promise<void> {
    this.#waiting.push(...entries)
    this.#nextBatch ??= this.#commit()
    return this.#nextBatch
  }

  async #commit(): Promise<void> {
    await this.#batch.catch(() => undefined)
    const entries = this.#waiting
    this.#waiting = []
    this.#nextBatch = undefined
    this.#batch = this.#put(entries)
    await this.#batch
  }

  /** All or nothing, and synced to the disk where the platform can. Not in order with `write`: use one or the other. */
  writeSynced(entries: Entries): Promise<void> {
    return this.#db.batch(entries.map(operation), { sync: true })
  }

  #put(entries: Entries): Promise<void> {
    const [[key, value] = []] = entries
    // a batch of one costs more than a put, and one is what a conversation in no hurry writes
    if (entries.length === 1 && key !== undefined && value !== undefined) {
      return this.#db.put(key, value)
    }
    return this.#db.batch(entries.map(operation))
  }

  async *iterate(range: KeyRange): AsyncIterable<readonly [string, Uint8Array]> {
    const { prefix, after, before, reverse = false } = range
    yield* this.#db.iterator({
      ...(after === undefined ? { gte: prefix } : { gt: after }),
      // '\uffff' sorts behind every character our keys are made of
      lt: before ?? `${prefix}\uffff`,
      reverse,
    })
  }

  /** Nothing waits anywhere but in the database. */
  async flush(): Promise<void> {
    await this.#nextBatch
    await this.#batch
  }

  close(): Promise<void> {
    return this.#db.close()
  }
}

function operation([key, value]: Entries[number]) {
  return value === undefined
    ? ({ type: 'del', key } as const)
    : ({ type: 'put', key, value } as const)
}
