import type { KeyRange, KeyValueStore } from '../../../src/chat/store/index.ts'

/** A store as one life of a program has it: nothing is written after its end, and nobody hears that it was not. */
export class Life implements KeyValueStore {
  readonly #store: KeyValueStore
  #isOver = false

  constructor(store: KeyValueStore) {
    this.#store = store
  }

  end(): void {
    this.#isOver = true
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.#store.get(key)
  }

  write(entries: Parameters<KeyValueStore['write']>[0]): Promise<void> {
    return this.#isOver ? new Promise(() => undefined) : this.#store.write(entries)
  }

  iterate(range: KeyRange): AsyncIterable<readonly [string, Uint8Array]> {
    return this.#store.iterate(range)
  }

  flush(): Promise<void> {
    return this.#store.flush()
  }

  close(): Promise<void> {
    return this.#store.close()
  }
}
