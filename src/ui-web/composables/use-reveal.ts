import { onUnmounted, ref } from 'vue'
import type { ShownMessage } from '../core/message-rows.ts'
import { useSessionStore } from '../stores/session.ts'
import { useAttempt } from './use-attempt.ts'

/** How long a revealed text stays on screen at the most. */
const SHOWN_MS = 60_000

/** The text of a message that burns, from when it was asked for until it has been read for long enough. */
export function useReveal(message: () => ShownMessage) {
  const session = useSessionStore()
  const { attempt } = useAttempt()
  const text = ref<string>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function hide(): void {
    clearTimeout(timer)
    text.value = undefined
  }

  async function reveal(): Promise<void> {
    const { id, conversation, expiresAt = Infinity } = message()
    if (conversation === undefined) return
    await attempt(async () => {
      text.value = await session.core().reveal(conversation, id)
      timer = setTimeout(hide, Math.min(SHOWN_MS, Math.max(0, expiresAt - Date.now())))
    })
  }

  onUnmounted(hide)
  return { text, reveal, hide }
}
