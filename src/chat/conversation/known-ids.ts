import { messageIdTime } from '../message/message-id.ts'
import { MARK, type RecordStore } from '../store/record-store.ts'
import { GoneIds } from './gone-ids.ts'
import { orderOf, placeOf } from './message-record.ts'
import type { StoredMessage } from './history.ts'

/** Ids as old as this are looked up one by one: by then hardly any comes again. */
const REMEMBERED_MS = 15 * 24 * 60 * 60 * 1000

/** Ids whose places are remembered as well. */
const MAX_ADDED = 8192

/** After so long the young ones are read anew, without those that have grown old: what is kept in memory has an end. */
const REREAD_MS = 24 * 60 * 60 * 1000

interface Young {
  readonly ids: Set<string>
  readonly sinceMs: number
}

export interface KnownIdsInit {
  readonly records: RecordStore
  readonly fingerprint: string
  readonly now: () => number
  /** Ids that outlive their messages. */
  readonly maxGone: number
}

/**
 * Which messages of a conversation are here or were, and where. Of those that are here it stands in paths,
 * `message-id/<fingerprint>/<id>/<order>`, and the records are marks, gone with their messages.
 */
export class KnownIds {
  readonly #records: RecordStore
  readonly #prefix: string
  readonly #now: () => number
  readonly #gone: GoneIds
  /** With their places. */
  readonly #added = new Map<string, number>()
  /** The young ones, read when the first is asked for. */
  #young: Promise<Young> | undefined

  constructor({ records, fingerprint, now, maxGone }: KnownIdsInit) {
    this.#records = records
    this.#prefix = `message-id/${fingerprint}/`
    this.#now = now
    this.#gone = new GoneIds(records, fingerprint, maxGone)
  }

  async has(id: string): Promise<boolean> {
    return (await this.#isHere(id)) || this.#gone.has(id)
  }

  /** Whether a message that is not known may have been here all the same, so long ago that its id was forgotten. */
  async mayHaveForgotten(id: string): Promise<boolean> {
    return (await this.#gone.mayHaveForgotten(id)) && !(await this.has(id))
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
    if (this.#added.size <= MAX_ADDED) return
    const ids = [...this.#added.keys()]
    this.#added.clear()
    // in the middle of a burst the ones read before and these are the same as what would be read
    this.#young = this.#young?.then((young) => this.#joined(young, ids))
  }

  /** What to write together with the removal of a message. */
  async entriesWithout(message: StoredMessage): Promise<[string, unknown][]> {
    const { id, order } = message
    return [[this.#path(id) + placeOf(order), undefined], ...(await this.#gone.entriesFor(message))]
  }

  /** That is written. */
  async removed(id: string): Promise<void> {
    this.#added.delete(id)
    const young = await this.#young
    young?.ids.delete(id)
  }

  async #isHere(id: string): Promise<boolean> {
    if (this.#added.has(id)) return true
    const reading = (this.#young ??= this.#read())
    const { ids, sinceMs } = await reading
    if (ids.has(id) || this.#added.has(id)) return true
    // what was added meanwhile may be in what is read next alone
    if (reading !== this.#young) return this.#isHere(id)
    return messageIdTime(id) < sinceMs && (await this.#find(id)) !== undefined
  }

  #joined(young: Young, ids: readonly string[]): Young | Promise<Young> {
    if (this.#now() - REMEMBERED_MS - young.sinceMs > REREAD_MS) return this.#read()
    for (const id of ids) young.ids.add(id)
    return young
  }

  async #find(id: string): Promise<number | undefined> {
    for await (const path of this.#records.paths({ prefix: this.#path(id) })) return orderOf(path)
    return undefined
  }

  async #read(): Promise<Young> {
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
