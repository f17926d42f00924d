/**
 * Runs a dial that is given up when no machine has answered after so many ms. Whoever answers in time is waited for until
 * `signal`: what both sides have done by then is not thrown away.
 */
export async function untilSilent<Value>(
  signal: AbortSignal,
  timeoutMs: number,
  dial: (signal: AbortSignal, answered: () => void) => Promise<Value>,
): Promise<Value> {
  const silent = new AbortController()
  const timer = setTimeout(() => {
    silent.abort(new DOMException('no answer in time', 'TimeoutError'))
  }, timeoutMs)
  try {
    return await dial(AbortSignal.any([signal, silent.signal]), () => {
      clearTimeout(timer)
    })
  } finally {
    clearTimeout(timer)
  }
}
