import { clockMs } from './clock.ts'

/**
 * Keeps `inFlight` exchanges under way for `durationMs` and lets the last ones land.
 * Resolves with the exchanges completed per second.
 */
export async function sustain(
  inFlight: number,
  durationMs: number,
  exchange: () => Promise<unknown>,
): Promise<number> {
  const startedAt = clockMs()
  const endAt = startedAt + durationMs
  let completed = 0
  const lane = async (): Promise<void> => {
    while (clockMs() < endAt) {
      await exchange()
      completed++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return (completed * 1000) / (clockMs() - startedAt)
}

/** Does one exchange after the other and resolves with what each took, in ms. */
export async function timeEach(count: number, exchange: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const startedAt = clockMs()
    await exchange()
    times.push(clockMs() - startedAt)
  }
  return times
}
