import { messageIdTime } from '../message/message-id.ts'
import { MARK, type RecordStore } from '../store/record-store.ts'
import { orderOf, placeOf } from './message-record.ts'

/** Ids as old as this are looked up one by one: by then hardly any comes again. */
const REMEMBERED_MS = 15 * 24 * 60 * 60 * 1000

/**
 * Which messages of a conversation are here or were, and where. Outlives the messages, so that none comes back. All of it
 * stands in paths, `message-id/<fingerprint>/<id>/<order>`, and the records are marks.
 */
export class KnownIds {
  readonly #records: RecordStore
  readonly #prefix: string
  readonly #now: () => number
  /** With their places. */
  readonly #added = new Map<string, number>()
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
    return messageIdTime(id) < sinceMs && (await this.#find(id)) !== undefined
  }

  async orderOf(id: string): Promise<number | undefined> {
    return this.#added.get(id) ?? this.#find(id)
  }

  /** What to write for a message that may be new; nothing where it is known. */
  entryFor(id: string, order: number): [string, unknown][] {
    return this.#added.has(id) ? [] : [[this.#path(id) + placeOf(order), MARK]]
  }

  /** It is written. */
  add(id: string, order: number): void {
    this.#added.set(id, order)
  }

  async #find(id: string): Promise<number | undefined> {
    for await (const path of this.#records.paths({ prefix: this.#path(id) })) return orderOf(path)
    return undefined
  }

  async #read(): Promise<{ ids: Set<string>; sinceMs: number }> {
    const sinceMs = Math.max(0, this.#now() - REMEMBERED_MS)
    const ids = new Set<string>()
    const after = this.#prefix + sinceMs.toString(16).padStart(12, '0')
    for await (const path of this.#records.paths({ prefix: this.#prefix, after })) {
      ids.add(path.slice(this.#prefix.length, path.lastIndexOf('/')))
    }
    return { ids, sinceMs }
  }

  #path(id: string): string {
    return `${this.#prefix}${id}/`
  }
}
