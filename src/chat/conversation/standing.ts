import type { Conversation, Fingerprint } from '../api.ts'
import type { RecordStore } from '../store/record-store.ts'

/** What the user has to know of the person behind a conversation, and what they decided about it. */
export interface StandingRecord {
  readonly alarm?: NonNullable<Conversation['alarm']>
  /** Who took this person's place, because the user said so. */
  readonly replacedBy?: Fingerprint
  /** Others who were seen under this person's name, and told of. */
  readonly namesakes?: readonly Fingerprint[]
}

/** One conversation's standing at rest: `standing/<fingerprint>`. */
export class Standing {
  readonly #records: RecordStore
  readonly #path: string
  #record: StandingRecord = {}

  constructor(records: RecordStore, fingerprint: Fingerprint) {
    this.#records = records
    this.#path = `standing/${fingerprint}`
  }

  get current(): StandingRecord {
    return this.#record
  }

  async load(): Promise<void> {
    this.#record = (await this.#records.get<StandingRecord>(this.#path)) ?? {}
  }

  /** In force at once, since nothing must be sent in between; durable when it resolves. */
  set(record: StandingRecord): Promise<void> {
    this.#record = record
    return this.#records.put(this.#path, record)
  }
}
