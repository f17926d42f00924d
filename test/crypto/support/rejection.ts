/** The name of the error that `attempt` throws or rejects with; fails the test when it does neither. */
export async function rejection(attempt: () => unknown): Promise<string> {
  try {
    await attempt()
  } catch (err) {
    return err instanceof Error ? err.name : 'not an Error'
  }
  throw new Error('expected a failure and saw none')
}
