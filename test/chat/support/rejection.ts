/** What `attempt` throws or rejects with; fails the test when it does neither. */
export async function failure(attempt: () => unknown): Promise<Error> {
  try {
    await attempt()
  } catch (err) {
    if (err instanceof Error) return err
    throw new Error('what was thrown is not an Error', { cause: err })
  }
  throw new Error('expected a failure and saw none')
}

/** Its name. */
export async function rejection(attempt: () => unknown): Promise<string> {
  return (await failure(attempt)).name
}
