/**
 * Waits that follow what happens. How long twenty peers take on two cores says nothing of them; that nothing moves any
 * more does.
 */
import { setTimeout as sleep } from 'node:timers/promises'

export interface Progress {
  readonly isDone: boolean
  /** Another value than before: something moved. */
  readonly mark: string | number
}

export interface Patience {
  /** For how long nothing may move. */
  readonly stillMs: number
  /** For how long it may go on moving. */
  readonly wholeMs: number
  readonly pollMs: number
}

/** Longer than any pause of the product's own that others wait for: presence each 30 s, another attempt each 60 s. */
export const PATIENCE: Patience = { stillMs: 90_000, wholeMs: 15 * 60_000, pollMs: 250 }

/** Only against a peer that will never answer: any answer ends it sooner. */
export const HANG_MS = 5 * 60_000

/** Resolves with whether it was done, once it is or nothing moves any more. */
export async function whileMoving(
  look: () => Progress | Promise<Progress>,
  patience: Partial<Patience> = {},
): Promise<boolean> {
  const { stillMs, wholeMs, pollMs } = { ...PATIENCE, ...patience }
  const startedAt = performance.now()
  let movedAt = startedAt
  let last: Progress['mark'] | undefined
  for (;;) {
    const { isDone, mark } = await look()
    if (isDone) return true
    const now = performance.now()
    if (mark !== last) movedAt = now
    last = mark
    if (now - movedAt > stillMs || now - startedAt > wholeMs) return false
    await sleep(pollMs)
  }
}
