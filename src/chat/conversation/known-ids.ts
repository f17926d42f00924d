import { messageIdTime } from '../message/message-id.ts'
import type { RecordStore } from '../store/record-store.ts'

/** Ids as old as this are looked up one by one: by then hardly any comes again. */
const REMEMBERED_MS = 15 * 24 * 60 * 60 * 1000

/** Which messages of a conversation are here or were, and where. Outlives the messages, so that none comes back. */
export class KnownIds {
  readonly #records: RecordStore
  readonly #prefix: string
  readonly #now: () => number
  readonly #added = new Set<string>()
  /** The young ones, read when the first is asked for. */
  #young: Promise<{ readonly ids: Set<string>; readonly sinceMs: number }> | undefined

  constructor(records: RecordStore, fingerprint: string, now: () => number) {
    this.#records = records
    this.#prefix = `message-id/${fingerprint}/`
    this.#now = now
  }

  async has(id: string): Promise<boolean> {
    if (this.#added.has(id)) return true
    this.#young ??= this.#read()
    const { ids, sinceMs } = await this.#young
    if (ids.has(id)) return true
    return messageIdTime(id) < sinceMs && this.#records.has(this.#path(id))
  }

  orderOf(id: string): Promise<number | undefined> {
    return this.#records.get<number>(this.#path(id))
  }

  /** What to write for a message that may be new; nothing where it is known. */
  entryFor(id: string, order: number): [string, unknown][] {
    return this.#added.has(id) ? [] : [[this.#path(id), order]]
  }

  /** It is written. */
  add(id: string): void {
    this.#added.add(id)
  }

  async #read(): Promise<{ ids: Set<string>; sinceMs: number }> {
    const sinceMs = Math.max(0, this.#now() - REMEMBERED_MS)
    const ids = new Set<string>()
    const after = this.#path(sinceMs.toString(16).padStart(12, '0'))
    for await (const path of this.#records.paths({ prefix: this.#prefix, after })) {
      ids.add(path.slice(this.#prefix.length))
    }
    return { ids, sinceMs }
  }

  #path(id: string): string {
    return this.#prefix + id
  }
}
