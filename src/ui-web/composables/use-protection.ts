import { onMounted, ref } from 'vue'
import { useSessionStore } from '../stores/session.ts'

/** Whether this window's keys are kept under a passphrase; `look` again after a change. */
export function useProtection() {
  const session = useSessionStore()
  const isLocked = ref(false)

  async function look(): Promise<void> {
    isLocked.value = (await session.profile().state()) === 'locked'
  }

  onMounted(look)
  return { isLocked, look }
}
