import { ref } from 'vue'
import { useErrorText } from './use-error-text.ts'

/** Like `useAttempt`, for a form: what went wrong is said beside the field, where a dialog does not hide it. */
export function useFormAttempt() {
  const { errorText } = useErrorText()
  const busy = ref(false)
  const error = ref('')

  /** Resolves with false when it failed; `error` then says why. */
  async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    error.value = ''
    try {
      await action()
      return true
    } catch (err) {
      error.value = errorText(err)
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, error, attempt }
}
