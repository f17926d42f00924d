/** What the user sees when it did not work: one line, and an exit code. */

export const EXIT_FAILURE = 1
export const EXIT_USAGE = 2

export interface Failure {
  readonly line: string
  readonly exitCode: number
}

/** Errors whose message was written for the user: it names what is wrong and what to do. */
const EXPECTED: ReadonlySet<string> = new Set([
  'AddressInUseError',
  'BrokenDatabaseError',
  'DataFolderError',
  'IdentityExistsError',
  'KeystoreError',
  'NetworkFileError',
  'NoRecoveryPhraseError',
  'PageAddressError',
  'PassphraseError',
  'PortInUseError',
])

/** What the user typed, wherever it was found to be wrong. */
const MISTYPED: ReadonlySet<string> = new Set([
  'UsageError',
  'InvalidAddressError',
  'InvalidNameError',
])

export function describeFailure(err: unknown): Failure {
  const { name, message } = err instanceof Error ? err : { name: 'Error', message: String(err) }
  const text = message.replace(/\p{Cc}+/gu, ' ').trim()
  if (MISTYPED.has(name)) {
    return { line: `sotto: ${text}; try 'sotto --help'`, exitCode: EXIT_USAGE }
  }
  if (EXPECTED.has(name)) return { line: `sotto: ${text}`, exitCode: EXIT_FAILURE }
  const hint = 'LOG_LEVEL=DEBUG shows where'
  return { line: `sotto: unexpected ${name}: ${text} (${hint})`, exitCode: EXIT_FAILURE }
}

/** The stack with its causes, for DEBUG. */
export function stackOf(err: unknown): string {
  if (!(err instanceof Error)) return String(err)
  const stack = err.stack ?? `${err.name}: ${err.message}`
  return err.cause === undefined ? stack : `${stack}\ncaused by ${stackOf(err.cause)}`
}
