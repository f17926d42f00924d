/**
 * Runs a dial under a signal that is not heard any more once it is done: Node.js ends a socket whenever the signal that
 * it was opened with fires.
 */
export async function whileUnderWay<Value>(
  signals: readonly AbortSignal[],
  dial: (own: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const own = new AbortController()
  const listeners = signals.map((signal) => {
    signal.throwIfAborted()
    return {
      signal,
      forward: () => {
        own.abort(signal.reason)
      },
    }
  })
  for (const { signal, forward } of listeners) signal.addEventListener('abort', forward)
  try {
    return await dial(own.signal)
  } finally {
    for (const { signal, forward } of listeners) signal.removeEventListener('abort', forward)
  }
}
