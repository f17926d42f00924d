import type { StorageState } from '../api.ts'

/** Names and codes by which platforms say that there is no room. */
const FULL = new Set<unknown>(['QuotaExceededError', 'ENOSPC', 'EDQUOT'])

/** What a store that was closed says; no trouble of the storage. */
const CLOSED = new Set<unknown>(['StoreClosedError', 'LEVEL_DATABASE_NOT_OPEN'])

/** Small writes find room where larger ones do not: only when none has failed for so long are things well again. */
const RECOVERY_MS = 10_000

/** Remembers whether what was written lately was kept. */
export class StorageHealth {
  readonly #onChange: (state: StorageState) => void
  readonly #elapsed: () => number
  #state: StorageState = 'ok'
  #failedAt = 0

  /** @param elapsed milliseconds that only pass */
  constructor(
    onChange: (state: StorageState) => void,
    elapsed: () => number = () => performance.now(),
  ) {
    this.#onChange = onChange
    this.#elapsed = elapsed
  }

  get state(): StorageState {
    return this.#state
  }

  kept(): void {
    if (this.#state === 'ok' || this.#elapsed() - this.#failedAt < RECOVERY_MS) return
    this.#set('ok')
  }

  failed(error: unknown): void {
    const names = namesOf(error)
    if (names.some((name) => CLOSED.has(name))) return
    this.#failedAt = this.#elapsed()
    this.#set(names.some((name) => FULL.has(name)) ? 'full' : 'failed')
  }

  #set(state: StorageState): void {
    if (state === this.#state) return
    this.#state = state
    this.#onChange(state)
  }
}

/** Name and code of an error, and of those that caused it. */
function namesOf(error: unknown): unknown[] {
  if (!(error instanceof Error)) return []
  const code = 'code' in error ? [error.code] : []
  return [error.name, ...code, ...namesOf(error.cause)]
}
