/** What a page notices of its network. */
import { watchClock } from '../network/clock-watch.ts'
import type { DoubtReason } from '../../chat/connectivity/network.ts'

/** Returns how to stop. */
export function watchBrowserNetwork(onDoubt: (reason: DoubtReason) => void): () => void {
  const stopClock = watchClock(() => {
    // a hidden page's timers are late by design
    if (document.visibilityState === 'visible') onDoubt('sleep')
  })
  const stopped = new AbortController()
  const options = { signal: stopped.signal }
  const onOnline = (): void => {
    onDoubt('online')
  }
  globalThis.addEventListener('online', onOnline, options)
  // a phone wakes its pages without saying so
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') onDoubt('visible')
    },
    options,
  )
  connectionOf(navigator)?.addEventListener('change', onOnline, options)
  return () => {
    stopClock()
    stopped.abort()
  }
}

/** Chromium's Network Information API; others lack it. */
function connectionOf(page: Navigator): EventTarget | undefined {
  if (!('connection' in page)) return undefined
  return page.connection instanceof EventTarget ? page.connection : undefined
}
