import { DecryptionError } from '../../crypto/errors.ts'
import { isEmpty } from './is-empty.ts'
import type { StorageHealth } from './storage-health.ts'
import type { KeyRange, KeyValueStore, ValueCipher } from './index.ts'

/** First byte of every record at rest, so that a later layout can be told apart. */
const RECORD_VERSION = 1

/** How long what may be lost with the process waits for more of its kind. */
const LATE_MS = 100

/** The value of a record that says nothing but that it is there: what it is about stands in its path. */
export const MARK = Symbol('mark')

/** Something that may be written a moment later, with others: it is asked what it has to write when the time comes. */
export interface LateWrite {
  readonly entries: () => readonly (readonly [path: string, value: unknown])[]
  /** Nothing of it was written. */
  readonly onFailure?: () => void
}

/** JSON records in a key-value store, each sealed under its own path. */
export class RecordStore {
  readonly #store: KeyValueStore
  readonly #cipher: ValueCipher
  readonly #encoder = new TextEncoder()
  readonly #decoder = new TextDecoder()
  /** Resolves when the write before has been handed to the store; not when it is done. */
  #issued: Promise<unknown> = Promise.resolve()
  #health: Pick<StorageHealth, 'kept' | 'failed'> | undefined
  readonly #late = new Set<LateWrite>()
  #lateTimer: ReturnType<typeof setTimeout> | undefined

  constructor(store: KeyValueStore, cipher: ValueCipher) {
    this.#store = store
    this.#cipher = cipher
  }

  /** From now on each write says whether the store has kept it. */
  watch(health: Pick<StorageHealth, 'kept' | 'failed'>): void {
    this.#health = health
  }

  /** @throws DecryptionError when the record is not one that this cipher sealed at this path */
  async get<Value>(path: string): Promise<Value | undefined> {
    const record = await this.#store.get(path)
    return record === undefined ? undefined : this.#open<Value>(path, record)
  }

  async has(path: string): Promise<boolean> {
    return (await this.#store.get(path)) !== undefined
  }

  async isEmpty(): Promise<boolean> {
    return isEmpty(this.#store)
  }

  put(path: string, value: unknown): Promise<void> {
    return this.putAll([[path, value]])
  }

  /**
   * All of them or none; an undefined value deletes, `MARK` leaves a mark, which is there and cannot be read. Writes
   * reach the store in the order of the calls, however long each takes to seal.
   */
  async putAll(values: readonly (readonly [path: string, value: unknown])[]): Promise<void> {
    const sealing = Promise.all(
      values.map(async ([path, value]) => {
        const record = value === undefined ? undefined : await this.#seal(path, value)
        return [path, record] as const
      }),
    )
    // it may fail while an earlier write is still waiting; whoever called hears of it when its turn comes
    sealing.catch(() => undefined)
    await this.#inTurn(() => sealing)
  }

  /**
   * Writes within a tenth of a second, all that asked for it together and all or nothing. For what a program that is
   * killed may forget, and for what is written so often that a write each would cost more than the rest.
   */
  putLate(write: LateWrite): void {
    this.#late.add(write)
    this.#lateTimer ??= setTimeout(() => void this.#writeLate(), LATE_MS)
  }

  async delete(path: string): Promise<void> {
    await this.#inTurn(() => Promise.resolve([[path, undefined]]))
  }

  async *iterate<Value>(range: KeyRange): AsyncIterable<Value> {
    for await (const [, value] of this.entries<Value>(range)) yield value
  }

  async *entries<Value>(range: KeyRange): AsyncIterable<readonly [path: string, value: Value]> {
    for await (const [path, record] of this.#store.iterate(range)) {
      yield [path, await this.#open<Value>(path, record)]
    }
  }

  /** Which records there are; none is opened. */
  async *paths(range: KeyRange): AsyncIterable<string> {
    for await (const [path] of this.#store.iterate(range)) yield path
  }

  /** Resolves when what was replaced or deleted before this call has left the store's journal as well. */
  async flush(): Promise<void> {
    await this.#writeLate()
    await this.#issued
    await this.#store.flush()
  }

  async close(): Promise<void> {
    await this.#writeLate()
    await this.#store.close()
  }

  async #writeLate(): Promise<void> {
    clearTimeout(this.#lateTimer)
    this.#lateTimer = undefined
    const writes = [...this.#late]
    this.#late.clear()
    const entries = writes.flatMap((write) => write.entries())
    if (entries.length === 0) return
    try {
      await this.putAll(entries)
    } catch {
      // a store that fails now may work the next time
      for (const { onFailure } of writes) onFailure?.()
    }
  }

  /** Hands entries to the store after those of earlier calls, without waiting for the store to be done with them. */
  async #inTurn(entries: () => Promise<Parameters<KeyValueStore['write']>[0]>): Promise<void> {
    const handed = this.#issued.then(async () => ({ done: this.#store.write(await entries()) }))
    this.#issued = handed.catch(() => undefined)
    const { done } = await handed
    try {
      await done
    } catch (err) {
      this.#health?.failed(err)
      throw err
    }
    this.#health?.kept()
  }

  async #seal(path: string, value: unknown): Promise<Uint8Array> {
    if (value === MARK) return Uint8Array.of(RECORD_VERSION)
    const sealed = await this.#cipher.seal(path, this.#encoder.encode(JSON.stringify(value)))
    const record = new Uint8Array(1 + sealed.byteLength)
    record[0] = RECORD_VERSION
    record.set(sealed, 1)
    return record
  }

  async #open<Value>(path: string, record: Uint8Array): Promise<Value> {
    if (record[0] !== RECORD_VERSION) throw new DecryptionError()
    const value = await this.#cipher.open(path, record.subarray(1))
    return JSON.parse(this.#decoder.decode(value)) as Value
  }
}
