/** Several ways to one thing at once, each with its own head start: the first that works is taken. RFC 8305 §5 */

export interface Attempt<Value> {
  /** When it begins at the latest; earlier once everything that was begun has failed. */
  readonly afterMs: number
  readonly run: (signal: AbortSignal) => Promise<Value>
}

export interface RaceOptions<Value> {
  readonly signal: AbortSignal
  /** Takes what came when another way had already won. */
  readonly discard: (late: Value) => void
}

/** Every way failed; `errors` in the order of the failures. */
export class NoWayError extends AggregateError {
  override name = 'NoWayError'
}

/** @throws NoWayError, or the signal's reason */
export function race<Value>(
  attempts: readonly Attempt<Value>[],
  { signal, discard }: RaceOptions<Value>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const waiting = [...attempts].sort((a, b) => a.afterMs - b.afterMs)
    const under = new Set<AbortController>()
    const errors: unknown[] = []
    let running = 0
    let settled = false
    let timer: ReturnType<typeof setTimeout> | undefined

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
    const failed = (err: unknown): void => {
      errors.push(err)
      running--
      if (!settled && running === 0) next()
    }
    const begin = ({ run }: Attempt<Value>): void => {
      running++
      const own = new AbortController()
      under.add(own)
      run(AbortSignal.any([signal, own.signal])).then((value) => {
        // what the winner made may still hang on its signal
        under.delete(own)
        if (settled) discard(value)
        else
          finish(() => {
            resolve(value)
          })
      }, failed)
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
      begin(attempt)
      const following = waiting[0]
      if (following !== undefined) timer = setTimeout(next, following.afterMs - attempt.afterMs)
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
