import { isInRange, keyOrder } from '../../chat/store/key-range.ts'
import { StoreClosedError } from './journal/errors.ts'
import { Journal } from './journal/journal.ts'
import { mergeEntries } from './journal/merge-entries.ts'
import { PendingEntries } from './journal/pending-entries.ts'
import type { KeyRange, KeyValueStore } from '../../chat/store/index.ts'
import type { Entry } from './journal/batch-codec.ts'

/** How long an entry waits for others to go to the database with: one transaction and one fsync for all of them. */
const FLUSH_DELAY_MS = 500

/** A segment this long is moved at once; what is pending lies in memory as well. */
const FLUSH_AT_BYTES = 1 << 20

/** While the database does not keep up, or takes nothing, this much may wait before writers do. */
const MAX_JOURNAL_BYTES = 16 << 20

/** Writes that need not wait for more: the others of one turn go out behind them. */
const ENOUGH_WRITES = 8

/** Writes that are appended together. */
interface Group {
  readonly batches: (readonly Entry[])[]
  readonly done: PromiseWithResolvers<undefined>
}

/** The database behind the journal. */
export interface JournaledDatabase {
  get(key: string): Promise<Uint8Array | undefined>
  /** All or nothing, and on the disk when it resolves. */
  writeSynced(entries: readonly Entry[]): Promise<void>
  /** Of a snapshot taken when the first entry is asked for. */
  iterate(range: KeyRange): AsyncIterable<readonly [string, Uint8Array]>
  close(): Promise<void>
}

export interface JournaledStoreOptions {
  readonly flushDelayMs?: number
  readonly flushAtBytes?: number
  readonly maxJournalBytes?: number
}

/**
 * A key-value store whose writes are durable after one append to a file, and reach the database behind it later, many
 * at a time and each key once. docs/decisions/journal.md
 */
export class JournaledStore implements KeyValueStore {
  readonly #database: JournaledDatabase
  readonly #journal: Journal
  readonly #flushDelayMs: number
  readonly #flushAtBytes: number
  readonly #maxJournalBytes: number
  /** On their way to the database, older than `#fresh`. */
  #moving = new PendingEntries()
  #fresh = new PendingEntries()
  #flushing: Promise<void> = Promise.resolve()
  #nextFlush: Promise<void> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Not appended yet. */
  #group: Group | undefined
  /** The last of those who wait for room in the journal. */
  #waiting: Promise<void> | undefined
  #closed = false

  private constructor(
    database: JournaledDatabase,
    journal: Journal,
    options: JournaledStoreOptions,
  ) {
    this.#database = database
    this.#journal = journal
    this.#flushDelayMs = options.flushDelayMs ?? FLUSH_DELAY_MS
    this.#flushAtBytes = options.flushAtBytes ?? FLUSH_AT_BYTES
    this.#maxJournalBytes = options.maxJournalBytes ?? MAX_JOURNAL_BYTES
  }

  /**
   * @param database open, and nobody else's: its lock is the journal's too
   * @param folder where the journal lies; what an earlier process left there is taken up
   * @throws JournalCorruptError
   */
  static async open(
    database: JournaledDatabase,
    folder: string,
    options: JournaledStoreOptions = {},
  ): Promise<JournaledStore> {
    const { journal, batches } = await Journal.open(folder)
    const store = new JournaledStore(database, journal, options)
    for (const batch of batches) store.#fresh.add(batch)
    if (journal.bytes > 0) store.#flushNow()
    return store
  }

  /** The array is the store's own: not to be written to. */
  get(key: string): Promise<Uint8Array | undefined> {
    this.#commit()
    for (const pending of [this.#fresh, this.#moving]) {
      if (pending.has(key)) return Promise.resolve(pending.get(key))
    }
    return this.#database.get(key)
  }

  /**
   * Takes the values over. What is written before the event loop goes on is appended in one go.
   * @throws JournalWriteError | StoreClosedError; then nothing of it is stored
   */
  async write(entries: readonly Entry[]): Promise<void> {
    if (this.#waiting !== undefined || this.#isFull) return this.#writeWhenRoom(entries)
    if (this.#closed) throw new StoreClosedError('the store is closed')
    if (entries.length === 0) return
    const group = (this.#group ??= this.#begin())
    group.batches.push(entries)
    if (group.batches.length >= ENOUGH_WRITES) this.#commit()
    await group.done.promise
  }

  async *iterate(range: KeyRange): AsyncGenerator<readonly [string, Uint8Array]> {
    this.#commit()
    // both in one turn of the event loop: what is in neither would be missed
    const stored = this.#database.iterate(range)[Symbol.asyncIterator]()
    const first = stored.next()
    const pending = this.#pendingIn(range)
    yield* mergeEntries(resumed(first, stored), pending, keyOrder(range))
  }

  /**
   * Resolves when all that was written before is in the database and no segment of the journal holds it any more.
   * @throws whatever the database does; nothing is lost, and it is tried again
   */
  flush(): Promise<void> {
    this.#commit()
    this.#nextFlush ??= this.#flushAfter(this.#flushing)
    return this.#nextFlush
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    try {
      await this.#waiting?.catch(() => undefined)
      await this.flush()
    } finally {
      clearTimeout(this.#timer)
      this.#journal.closeSegment()
      await this.#database.close()
    }
  }

  get #isFull(): boolean {
    return this.#journal.bytes >= this.#maxJournalBytes
  }

  #begin(): Group {
    // behind everything that is at hand in this turn of the event loop
    process.nextTick(() => {
      this.#commit()
    })
    const done = Promise.withResolvers<undefined>()
    return { batches: [], done }
  }

  #commit(): void {
    const group = this.#group
    if (group === undefined) return
    this.#group = undefined
    try {
      this.#append(group.batches)
      group.done.resolve(undefined)
    } catch (err) {
      group.done.reject(err instanceof Error ? err : new Error(String(err)))
    }
  }

  #append(batches: readonly (readonly Entry[])[]): void {
    this.#journal.append(batches)
    for (const entries of batches) this.#fresh.add(entries)
    if (this.#journal.openBytes >= this.#flushAtBytes) this.#flushNow()
    else this.#flushLater()
  }

  #writeWhenRoom(entries: readonly Entry[]): Promise<void> {
    const before = this.#waiting?.catch(() => undefined)
    const turn = (async () => {
      await before
      if (this.#isFull) await this.flush()
      if (this.#closed) throw new StoreClosedError('the store is closed')
      this.#commit()
      if (entries.length > 0) this.#append([entries])
    })()
    this.#waiting = turn
    const done = (): void => {
      if (this.#waiting === turn) this.#waiting = undefined
    }
    turn.then(done, done)
    return turn
  }

  #flushLater(): void {
    if (this.#timer !== undefined || this.#closed) return
    this.#timer = setTimeout(() => this.#flushNow(), this.#flushDelayMs)
    // the journal outlives us; nobody needs to wait for the database
    this.#timer.unref()
  }

  #flushNow(): void {
    this.flush().catch(() => this.#flushLater())
  }

  async #flushAfter(previous: Promise<void>): Promise<void> {
    await previous.catch(() => undefined)
    this.#flushing = this.#move()
    this.#nextFlush = undefined
    await this.#flushing
  }

  async #move(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    // what could not be moved the last time goes with the rest
    this.#moving.add(this.#fresh)
    this.#fresh = new PendingEntries()
    this.#journal.closeSegment()
    if (this.#moving.size > 0) await this.#database.writeSynced([...this.#moving])
    this.#moving = new PendingEntries()
    await this.#journal.removeClosed()
  }

  #pendingIn(range: KeyRange): Entry[] {
    const all = new PendingEntries()
    all.add(this.#moving)
    all.add(this.#fresh)
    const compare = keyOrder(range)
    return [...all].filter(([key]) => isInRange(key, range)).sort(([a], [b]) => compare(a, b))
  }
}

/** An iterator that was asked for its first entry already. */
async function* resumed<Item>(
  first: Promise<IteratorResult<Item, unknown>>,
  rest: AsyncIterator<Item, unknown>,
): AsyncGenerator<Item> {
  try {
    for (let result = await first; result.done !== true; result = await rest.next()) {
      yield result.value
    }
  } finally {
    await rest.return?.()
  }
}
