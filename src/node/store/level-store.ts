import { Level } from 'level'
import type { KeyValueStore } from '../../chat/store/index.ts'

/** A key-value store on LevelDB in Node and on IndexedDB in the browser: `level` is the same API over both. */
export class LevelStore implements KeyValueStore {
  readonly #db: Level<string, Uint8Array>

  private constructor(db: Level<string, Uint8Array>) {
    this.#db = db
  }

  /** @throws whatever `level` does: `LEVEL_LOCKED`, `LEVEL_CORRUPTION`, … in `cause.code` */
  static async open(location: string): Promise<LevelStore> {
    const db = new Level<string, Uint8Array>(location, {
      keyEncoding: 'utf8',
      valueEncoding: 'view',
    })
    await db.open()
    return new LevelStore(db)
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.#db.get(key)
  }

  async write(entries: readonly (readonly [string, Uint8Array | undefined])[]): Promise<void> {
    await this.#db.batch(
      entries.map(([key, value]) =>
        value === undefined ? { type: 'del', key } : { type: 'put', key, value },
      ),
    )
  }

  async *iterate(prefix: string): AsyncIterable<readonly [string, Uint8Array]> {
    // '\uffff' sorts behind every character our keys are made of
    yield* this.#db.iterator({ gte: prefix, lt: `${prefix}\uffff` })
  }

  close(): Promise<void> {
    return this.#db.close()
  }
}
