import { isInRange, keyOrder } from '../../../../src/chat/store/key-range.ts'
import type { KeyRange } from '../../../../src/chat/store/index.ts'
import type { JournaledDatabase } from '../../../../src/node/store/journaled-store.ts'

/** A database whose writes can be made to fail or to wait, and that outlives the process it is in, as one on disk. */
export class MapDatabase implements JournaledDatabase {
  readonly values: Map<string, Uint8Array>
  readonly batches: (readonly [string, Uint8Array | undefined])[][] = []
  /** What every write waits for. */
  gate: Promise<unknown> = Promise.resolve()
  failure: Error | undefined
  #crashed = false

  constructor(values = new Map<string, Uint8Array>()) {
    this.values = values
  }

  /** What the next process finds; nothing that is under way here gets there any more. */
  crash(): MapDatabase {
    this.#crashed = true
    return new MapDatabase(this.values)
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.values.get(key))
  }

  async writeSynced(
    entries: readonly (readonly [string, Uint8Array | undefined])[],
  ): Promise<void> {
    await this.gate
    if (this.#crashed) return new Promise(() => undefined)
    if (this.failure !== undefined) throw this.failure
    this.batches.push([...entries])
    for (const [key, value] of entries) {
      if (value === undefined) this.values.delete(key)
      else this.values.set(key, value)
    }
  }

  async *iterate(range: KeyRange): AsyncIterable<readonly [string, Uint8Array]> {
    const snapshot = [...this.values].filter(([key]) => isInRange(key, range))
    const compare = keyOrder(range)
    for (const entry of snapshot.sort(([a], [b]) => compare(a, b))) {
      await Promise.resolve()
      yield entry
    }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
