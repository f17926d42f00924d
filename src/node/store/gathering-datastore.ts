import { BaseDatastore } from 'datastore-core'
import { NotFoundError } from '@libp2p/interface'
import hashlru from 'hashlru'
import type { Batch, Datastore, Key, KeyQuery, Pair, Query } from 'interface-datastore'

/** How long a change waits for others. */
export const GATHER_MS = 500

/** Changes that wait; with more whoever comes next waits for the disk. */
export const MAX_GATHERED = 512

/** Values kept in memory at least, a peer's being about a kilobyte; at most twice as many. */
const KEPT_VALUES = 256

type Closable = Datastore & { close: () => Promise<void> }

interface Change {
  readonly key: Key
  /** Undefined where it is deleted. */
  readonly value: Uint8Array | undefined
}

/**
 * Before a slower datastore: what is written again and again is written once, and read from memory. libp2p writes a peer
 * anew at every stream to or from it, and reads it before, and each answer of the DHT does so with twenty. What was written
 * in the last moment before a crash is lost, which for what can be asked for again is no loss.
 */
export class GatheringDatastore extends BaseDatastore {
  readonly #below: Closable
  readonly #kept = hashlru(KEPT_VALUES)
  #waiting = new Map<string, Change>()
  #written: ReadonlyMap<string, Change> = new Map()
  #writing: Promise<void> = Promise.resolve()
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Of a write that nobody waited for: whoever writes next is told. */
  #error: unknown

  constructor(below: Closable) {
    super()
    this.#below = below
  }

  override async put(key: Key, value: Uint8Array): Promise<Key> {
    this.#kept.set(key.toString(), value)
    await this.#change({ key, value })
    return key
  }

  override async delete(key: Key): Promise<void> {
    this.#kept.remove(key.toString())
    await this.#change({ key, value: undefined })
  }

  override async get(key: Key): Promise<Uint8Array> {
    const text = key.toString()
    const change = this.#waiting.get(text) ?? this.#written.get(text)
    if (change !== undefined) {
      if (change.value === undefined) throw new NotFoundError()
      return change.value
    }
    const kept = this.#kept.get(text) as Uint8Array | undefined
    if (kept !== undefined) return kept
    const value = await this.#below.get(key)
    // what was changed meanwhile is newer
    if (!this.#waiting.has(text) && !this.#written.has(text)) this.#kept.set(text, value)
    return value
  }

  override async has(key: Key): Promise<boolean> {
    const text = key.toString()
    const change = this.#waiting.get(text) ?? this.#written.get(text)
    if (change !== undefined) return change.value !== undefined
    return this.#kept.has(text) || this.#below.has(key)
  }

  override batch(): Batch {
    const changes: Change[] = []
    return {
      put: (key, value) => {
        changes.push({ key, value })
      },
      delete: (key) => {
        changes.push({ key, value: undefined })
      },
      commit: async () => {
        for (const { key, value } of changes.splice(0)) {
          await (value === undefined ? this.delete(key) : this.put(key, value))
        }
      },
    }
  }

  override async *query(query: Query): AsyncGenerator<Pair> {
    await this.flush()
    yield* this.#below.query(query)
  }

  override async *queryKeys(query: KeyQuery): AsyncGenerator<Key> {
    await this.flush()
    yield* this.#below.queryKeys(query)
  }

  /** Resolves when everything that was written until now is below. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write())
    return this.#writing
  }

  /** Closes what is below as well. */
  async close(): Promise<void> {
    await this.flush().finally(() => this.#below.close())
  }

  async #change(change: Change): Promise<void> {
    this.#waiting.set(change.key.toString(), change)
    if (this.#error !== undefined || this.#waiting.size >= MAX_GATHERED) {
      await this.flush()
      return
    }
    this.#timer ??= setTimeout(() => {
      this.flush().catch((err: unknown) => {
        this.#error = err
      })
    }, GATHER_MS)
  }

  async #write(): Promise<void> {
    const changes = this.#waiting
    if (changes.size === 0) return
    this.#waiting = new Map()
    this.#written = changes
    const batch = this.#below.batch()
    for (const { key, value } of changes.values()) {
      if (value === undefined) batch.delete(key)
      else batch.put(key, value)
    }
    try {
      await batch.commit()
      this.#error = undefined
    } catch (err) {
      // newer changes of the same keys stay
      this.#waiting = new Map([...changes, ...this.#waiting])
      throw err
    } finally {
      this.#written = new Map()
    }
  }
}
