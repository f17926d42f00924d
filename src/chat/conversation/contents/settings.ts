import type { AgreementContent } from '../../message/signals.ts'
import type { ConversationSettings } from '../../api.ts'
import type { RecordStore } from '../../store/record-store.ts'

/** What the user wants towards everybody, where a conversation does not say otherwise. */
export type SettingDefaults = Pick<ConversationSettings, 'readReceipts' | 'typing'>

const DEFAULT_SETTINGS: Omit<ConversationSettings, keyof SettingDefaults> = {
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
  /** What was chosen for this conversation. */
  readonly settings: Partial<ConversationSettings>
  readonly agreement?: Agreement
}

/** One conversation's settings at rest: `settings/<fingerprint>`. */
export class Settings {
  readonly #records: RecordStore
  readonly #path: string
  readonly #defaults: () => SettingDefaults
  #chosen: Partial<ConversationSettings> = {}
  #agreement: Agreement | undefined

  constructor(records: RecordStore, fingerprint: string, defaults: () => SettingDefaults) {
    this.#records = records
    this.#path = `settings/${fingerprint}`
    this.#defaults = defaults
  }

  get current(): ConversationSettings {
    const { readReceipts, typing } = this.#defaults()
    return { ...DEFAULT_SETTINGS, readReceipts, typing, ...this.#chosen }
  }

  /** What the next agreement is called. */
  get nextVersion(): number {
    return (this.#agreement?.version ?? 0) + 1
  }

  async load(): Promise<void> {
    const record = await this.#records.get<SettingsRecord>(this.#path)
    this.#chosen = record?.settings ?? {}
    this.#agreement = record?.agreement
  }

  /**
   * Ours alone. In force at once, durable when it resolves. What is set to what holds for everybody goes with that from
   * then on.
   */
  async change(changes: Partial<Omit<ConversationSettings, 'disappearing'>>): Promise<void> {
    const chosen: Partial<Record<keyof ConversationSettings, unknown>> = {
      ...this.#chosen,
      ...changes,
    }
    for (const [setting, value] of Object.entries(this.#defaults())) {
      if (chosen[setting as keyof SettingDefaults] === value)
        Reflect.deleteProperty(chosen, setting)
    }
    this.#chosen = chosen as Partial<ConversationSettings>
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
    this.#chosen = { ...this.#chosen, disappearing }
    await this.#save()
    return true
  }

  async #save(): Promise<void> {
    const agreement = this.#agreement
    const record: SettingsRecord = {
      settings: this.#chosen,
      ...(agreement === undefined ? {} : { agreement }),
    }
    await this.#records.put(this.#path, record)
  }
}
