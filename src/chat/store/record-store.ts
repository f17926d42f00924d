import { DecryptionError } from '../../crypto/errors.ts'
import type { KeyValueStore, ValueCipher } from './index.ts'

/** First byte of every record at rest, so that a later layout can be told apart. */
const RECORD_VERSION = 1

/** JSON records in a key-value store, each sealed under its own path. */
export class RecordStore {
  readonly #store: KeyValueStore
  readonly #cipher: ValueCipher
  readonly #encoder = new TextEncoder()
  readonly #decoder = new TextDecoder()

  constructor(store: KeyValueStore, cipher: ValueCipher) {
    this.#store = store
    this.#cipher = cipher
  }

  /** @throws DecryptionError when the record is not one that this cipher sealed at this path */
  async get<Value>(path: string): Promise<Value | undefined> {
    const record = await this.#store.get(path)
    return record === undefined ? undefined : this.#open<Value>(path, record)
  }

  async has(path: string): Promise<boolean> {
    return (await this.#store.get(path)) !== undefined
  }

  async put(path: string, value: unknown): Promise<void> {
    await this.#store.write([[path, await this.#seal(path, value)]])
  }

  async delete(path: string): Promise<void> {
    await this.#store.write([[path, undefined]])
  }

  async *iterate<Value>(prefix: string): AsyncIterable<Value> {
    for await (const [path, record] of this.#store.iterate(prefix)) {
      yield await this.#open<Value>(path, record)
    }
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  async #seal(path: string, value: unknown): Promise<Uint8Array> {
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
