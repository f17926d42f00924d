/** Why the page cannot start; each has a full-page text under `startup.failed.*`. */
export type StartupFailure =
  | 'unreachable'
  | 'bad-answer'
  | 'insecure'
  | 'unsupported'
  | 'storage'
  | 'too-many-windows'
  | 'unknown'

export class StartupError extends Error {
  override name = 'StartupError'
  readonly failure: StartupFailure

  constructor(failure: StartupFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.failure = failure
  }
}

/** What browsers throw, from IndexedDB and Web Storage, when they will not keep anything for us. */
const STORAGE_ERRORS = new Set([
  'InvalidStateError',
  'NotAllowedError',
  'QuotaExceededError',
  'SecurityError',
])

export function asStartupError(err: unknown): StartupError {
  if (err instanceof StartupError) return err
  const name = err instanceof Error ? err.name : ''
  const message = err instanceof Error ? err.message : String(err)
  if (name === 'NoProfileSlotError') {
    return new StartupError('too-many-windows', message, { cause: err })
  }
  if (STORAGE_ERRORS.has(name)) return new StartupError('storage', message, { cause: err })
  return new StartupError('unknown', name === '' ? message : `${name}: ${message}`, { cause: err })
}
