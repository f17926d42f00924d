import type { AgreementContent } from '../../message/signals.ts'
import type { ConversationSettings } from '../../api.ts'
import type { RecordStore } from '../../store/record-store.ts'

const DEFAULT_SETTINGS: ConversationSettings = {
  readReceipts: true,
  typing: true,
  disappearing: 0,
  muted: false,
  cover: 0,
  compression: false,
}

/** Which agreement is in force. */
interface Agreement {
  readonly version: number
  readonly id: string
}

interface SettingsRecord {
  readonly settings: Partial<ConversationSettings>
  readonly agreement?: Agreement
}

/** One conversation's settings at rest: `settings/<fingerprint>`. */
export class Settings {
  readonly #records: RecordStore
  readonly #path: string
  #current = DEFAULT_SETTINGS
  #agreement: Agreement | undefined

  constructor(records: RecordStore, fingerprint: string) {
    this.#records = records
    this.#path = `settings/${fingerprint}`
  }

  get current(): ConversationSettings {
    return this.#current
  }

  /** What the next agreement is called. */
  get nextVersion(): number {
    return (this.#agreement?.version ?? 0) + 1
  }

  async load(): Promise<void> {
    const record = await this.#records.get<SettingsRecord>(this.#path)
    this.#current = { ...DEFAULT_SETTINGS, ...record?.settings }
    this.#agreement = record?.agreement
  }

  /** Ours alone. In force at once, durable when it resolves. */
  async change(changes: Partial<Omit<ConversationSettings, 'disappearing'>>): Promise<void> {
    this.#current = { ...this.#current, ...changes }
    await this.#save()
  }

  /** Resolves with whether it is the later one: both sides come to the same, whatever came first. */
  async agree({ version, id, disappearing }: AgreementContent): Promise<boolean> {
    const before = this.#agreement
    const isLater =
      before === undefined ||
      version > before.version ||
      (version === before.version && id > before.id)
    if (!isLater) return false
    this.#agreement = { version, id }
    this.#current = { ...this.#current, disappearing }
    await this.#save()
    return true
  }

  async #save(): Promise<void> {
    const agreement = this.#agreement
    const record: SettingsRecord = {
      settings: this.#current,
      ...(agreement === undefined ? {} : { agreement }),
    }
    await this.#records.put(this.#path, record)
  }
}
