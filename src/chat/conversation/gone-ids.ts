import { messageIdTime } from '../message/message-id.ts'
import { MARK, type RecordStore } from '../store/record-store.ts'
import { placeOf } from './message-record.ts'
import type { StoredMessage } from './history.ts'

/** What is left of ids that were forgotten. */
interface ForgottenRecord {
  /** The latest of their authors' times, ms since 1970. */
  readonly until: number
}

type Gone = Pick<StoredMessage, 'id' | 'order' | 'outgoing'>

/**
 * Ids of messages that were removed, so that none comes back: `gone/<fingerprint>/<place>/<id>`, marks, with `/own`
 * behind those that we wrote. Of too many, those that came first are forgotten; `forgotten/<fingerprint>` says from
 * when they were, and the numbers do the rest. docs/specs/delivery.md §3.1
 */
export class GoneIds {
  readonly #records: RecordStore
  readonly #prefix: string
  readonly #forgottenPath: string
  readonly #limit: number
  /** Paths by id, in the order of their places; read when first asked for. */
  #paths: Promise<Map<string, string>> | undefined
  #until = -1

  constructor(records: RecordStore, fingerprint: string, limit: number) {
    this.#records = records
    this.#prefix = `gone/${fingerprint}/`
    this.#forgottenPath = `forgotten/${fingerprint}`
    this.#limit = limit
  }

  async has(id: string): Promise<boolean> {
    return (await this.#load()).has(id)
  }

  /** Whether an id of which nothing is known may be one that was forgotten. */
  async mayHaveForgotten(id: string): Promise<boolean> {
    await this.#load()
    return messageIdTime(id) <= this.#until
  }

  /** What to write together with the removal of a message. */
  async entriesFor({ id, order, outgoing }: Gone): Promise<[string, unknown][]> {
    const paths = await this.#load()
    const path = `${this.#prefix}${placeOf(order)}/${id}${outgoing ? OWN : ''}`
    paths.set(id, path)
    const entries: [string, unknown][] = [[path, MARK]]
    if (paths.size > this.#limit) entries.push(...this.#forget(paths))
    return entries
  }

  #forget(paths: Map<string, string>): [string, unknown][] {
    // they are removed in any order, and remembered by that in which they came
    const oldest = [...paths].sort(([, a], [, b]) => (a < b ? -1 : 1))
    const surplus = oldest.slice(0, Math.ceil(this.#limit / FORGOTTEN_AT_ONCE))
    for (const [id, path] of surplus) {
      paths.delete(id)
      if (!path.endsWith(OWN)) this.#until = Math.max(this.#until, messageIdTime(id))
    }
    const record: ForgottenRecord = { until: this.#until }
    return [
      [this.#forgottenPath, record],
      ...surplus.map(([, path]) => [path, undefined] as [string, unknown]),
    ]
  }

  #load(): Promise<Map<string, string>> {
    return (this.#paths ??= this.#read())
  }

  async #read(): Promise<Map<string, string>> {
    const record = await this.#records.get<ForgottenRecord>(this.#forgottenPath)
    this.#until = record?.until ?? -1
    const paths = new Map<string, string>()
    for await (const path of this.#records.paths({ prefix: this.#prefix })) {
      const [, id = ''] = path.slice(this.#prefix.length).split('/')
      paths.set(id, path)
    }
    return paths
  }
}

const OWN = '/own'

/** A sixteenth at a time: sorting them costs more than keeping a few too many. */
const FORGOTTEN_AT_ONCE = 16
