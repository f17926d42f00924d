import type { Entry } from './batch-codec.ts'

/** Entries that the journal holds and the database does not yet: the last value of each key, or that it is deleted. */
export class PendingEntries {
  readonly #entries = new Map<string, Uint8Array | undefined>()

  get size(): number {
    return this.#entries.size
  }

  add(entries: Iterable<Entry>): void {
    for (const [key, value] of entries) this.#entries.set(key, value)
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  get(key: string): Uint8Array | undefined {
    return this.#entries.get(key)
  }

  [Symbol.iterator](): IterableIterator<[string, Uint8Array | undefined]> {
    return this.#entries[Symbol.iterator]()
  }
}
