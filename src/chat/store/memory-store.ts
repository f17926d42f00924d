import { isInRange, keyOrder } from './key-range.ts'
import type { KeyRange, KeyValueStore } from './index.ts'

/** Keeps everything in memory: for tests, and for a peer that shall leave no trace. */
export class MemoryStore implements KeyValueStore {
  readonly #values = new Map<string, Uint8Array>()

  get(key: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#values.get(key))
  }

  write(entries: readonly (readonly [string, Uint8Array | undefined])[]): Promise<void> {
    for (const [key, value] of entries) {
      if (value === undefined) this.#values.delete(key)
      else this.#values.set(key, value)
    }
    return Promise.resolve()
  }

  async *iterate(range: KeyRange): AsyncIterable<readonly [string, Uint8Array]> {
    const keys = [...this.#values.keys()].filter((key) => isInRange(key, range))
    for (const key of keys.sort(keyOrder(range))) {
      const value = await this.get(key)
      if (value !== undefined) yield [key, value]
    }
  }

  flush(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
