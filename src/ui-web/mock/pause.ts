/** How slow the fake network is: 1 in the page, 0 in tests. */
let factor = 1

export function setMockPace(pace: number): void {
  factor = pace
}

export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms * factor)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
    })
  })
}
