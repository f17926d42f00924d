/** The caller: a command that does not exist or was given what it cannot take. The message says what to type instead. */
export class UsageError extends Error {
  override name = 'UsageError'
}
