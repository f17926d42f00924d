/** What the person who typed the command line got wrong: one line that names it, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
