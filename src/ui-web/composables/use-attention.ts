import { useEventListener, useThrottleFn } from '@vueuse/core'
import { onScopeDispose } from 'vue'
import { useSessionStore } from '../stores/session.ts'

/** A page that is out of sight for this long is one that nobody reads. */
const UNSEEN_MS = 60_000
const TOUCH_EVERY_MS = 1000

/** Tells the core whether somebody is at this window. */
export function useAttention(): void {
  const session = useSessionStore()
  let unseen: ReturnType<typeof setTimeout> | undefined
  const touch = useThrottleFn(() => session.chat?.setAttention(true), TOUCH_EVERY_MS)
  for (const input of ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const) {
    useEventListener(window, input, () => void touch(), { passive: true, capture: true })
  }
  useEventListener(document, 'visibilitychange', () => {
    clearTimeout(unseen)
    if (document.visibilityState === 'visible') session.chat?.setAttention(true)
    else unseen = setTimeout(() => session.chat?.setAttention(false), UNSEEN_MS)
  })
  onScopeDispose(() => {
    clearTimeout(unseen)
  })
}
