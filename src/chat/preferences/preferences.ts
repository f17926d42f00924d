import { InvalidSettingError } from '../errors.ts'
import type { Preferences, PreferencesChange } from '../api.ts'
import type { RecordStore } from '../store/record-store.ts'

export const DEFAULT_PREFERENCES: Preferences = {
  presence: { shareOnline: true, shareAway: true, shareLastSeen: true },
  readReceipts: true,
  typing: true,
}

const PATH = 'preferences'

/** What the user wants towards everybody, at rest as one record. */
export class UserPreferences {
  readonly #records: RecordStore
  readonly #onChange: (preferences: Preferences) => void
  #current = DEFAULT_PREFERENCES

  constructor(records: RecordStore, onChange: (preferences: Preferences) => void) {
    this.#records = records
    this.#onChange = onChange
  }

  get current(): Preferences {
    return this.#current
  }

  async load(): Promise<void> {
    const kept = await this.#records.get<PreferencesChange>(PATH)
    // what an older program did not know yet is as if nobody had chosen
    if (kept !== undefined) this.#current = changed(DEFAULT_PREFERENCES, kept)
  }

  /** Changes what is given. In force at once, durable when it resolves. @throws InvalidSettingError */
  async update(change: PreferencesChange): Promise<Preferences> {
    const before = this.#current
    const next = changed(before, change)
    requireSwitches(next)
    this.#current = next
    if (JSON.stringify(next) !== JSON.stringify(before)) {
      this.#onChange(next)
      await this.#records.put(PATH, next)
    }
    return next
  }
}

function changed(before: Preferences, change: PreferencesChange): Preferences {
  return { ...before, ...change, presence: { ...before.presence, ...change.presence } }
}

/** Whoever calls may be a script. @throws InvalidSettingError */
function requireSwitches({ presence, readReceipts, typing }: Preferences): void {
  const { shareOnline, shareAway, shareLastSeen } = presence
  const switches: unknown[] = [shareOnline, shareAway, shareLastSeen, readReceipts, typing]
  if (!switches.every((value) => typeof value === 'boolean')) {
    throw new InvalidSettingError('a preference is true or false')
  }
}
