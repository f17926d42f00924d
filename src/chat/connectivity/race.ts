/** Several ways to one thing at once, each with its own head start: the first that works is taken. RFC 8305 §5 */
import { LATE_START_FACTOR, LATE_START_LAST_MS, LATE_START_MS } from './constants.ts'

export interface Attempt<Value> {
  /** When it begins at the latest; earlier once everything that was begun has failed. */
  readonly afterMs: number
  /** Calls `answered` at each sign of somebody being there who has not said yet whether it works. */
  readonly run: (signal: AbortSignal, answered: () => void) => Promise<Value>
}

export interface RaceOptions<Value> {
  readonly signal: AbortSignal
  /** Where somebody answered, the next way begins no sooner than this after. */
  readonly answeredMs?: number
  /** Takes what came when another way had already won. */
  readonly discard: (late: Value) => void
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number
}

/** Every way failed; `errors` in the order of the failures. */
export class NoWayError extends AggregateError {
  override name = 'NoWayError'
}

/** @throws NoWayError, or the signal's reason */
export function race<Value>(
  attempts: readonly Attempt<Value>[],
  { signal, answeredMs = 0, discard, now = () => performance.now() }: RaceOptions<Value>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const waiting = [...attempts].sort((a, b) => a.afterMs - b.afterMs)
    const under = new Set<AbortController>()
    const errors: unknown[] = []
    let running = 0
    /** Ways on which somebody answered, and that have not failed. */
    let answering = 0
    let settled = false
    let timer: ReturnType<typeof setTimeout> | undefined
    let gapMs = 0
    /** The one for whose answer the next waits. */
    let heard: AbortController | undefined

    const arm = (ms: number, isPutOff = false): void => {
      clearTimeout(timer)
      if (settled || waiting.length === 0) return
      const dueAt = now() + ms
      timer = setTimeout(() => {
        const lateMs = now() - dueAt
        // what the ways before have to say waits to be read, and one more would make us later still; or the machine slept
        const isBehind = lateMs >= LATE_START_MS && lateMs < LATE_START_LAST_MS
        if (isPutOff || !isBehind) next()
        else arm(Math.min(lateMs * LATE_START_FACTOR, LATE_START_LAST_MS), true)
      }, ms)
    }
    const finish = (end: () => void): void => {
      settled = true
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      for (const attempt of under) attempt.abort(new NoWayError(errors, 'another way was faster'))
      end()
    }
    const onAbort = (): void => {
      finish(() => {
        reject(asError(signal.reason))
      })
    }
    const failed = (own: AbortController, err: unknown): void => {
      errors.push(err)
      running--
      if (settled) return
      if (running === 0) next()
      else if (heard === own) arm(gapMs)
    }
    const begin = ({ run }: Attempt<Value>): void => {
      running++
      const own = new AbortController()
      under.add(own)
      let waitMs = 0
      const answered = (): void => {
        // the more have answered and are still busy, the longer is it worth to wait for them
        if (waitMs === 0) waitMs = answeredMs * 2 ** answering++
        heard = own
        arm(Math.max(gapMs, waitMs))
      }
      run(AbortSignal.any([signal, own.signal]), answered).then(
        (value) => {
          // what the winner made may still hang on its signal
          under.delete(own)
          if (settled) discard(value)
          else
            finish(() => {
              resolve(value)
            })
        },
        (err: unknown) => {
          if (waitMs > 0) answering--
          failed(own, err)
        },
      )
    }
    const next = (): void => {
      clearTimeout(timer)
      const attempt = waiting.shift()
      if (attempt === undefined) {
        if (running === 0) {
          finish(() => {
            reject(new NoWayError(errors, 'every way failed'))
          })
        }
        return
      }
      heard = undefined
      gapMs = (waiting[0] ?? attempt).afterMs - attempt.afterMs
      arm(gapMs)
      begin(attempt)
    }

    if (signal.aborted) {
      onAbort()
      return
    }
    signal.addEventListener('abort', onAbort, { once: true })
    next()
  })
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
