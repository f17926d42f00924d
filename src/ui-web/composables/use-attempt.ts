import { ref } from 'vue'
import { useNoticesStore } from '../stores/notices.ts'
import { useErrorText } from './use-error-text.ts'

/** Runs what the user asked for; tells them when it failed, and meanwhile that it is under way. */
export function useAttempt() {
  const notices = useNoticesStore()
  const { errorText } = useErrorText()
  const busy = ref(false)

  /** Resolves with false when it failed, which has been shown by then. */
  async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    try {
      await action()
      return true
    } catch (err) {
      notices.error(errorText(err))
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, attempt }
}
