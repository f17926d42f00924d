import { ref, shallowRef, watch, type Ref } from 'vue'
import type { SafetyNumber } from '../../chat/api.ts'
import type { Comparison } from '../core/fingerprint.ts'
import { compareDigits, isWholeCode, safetyCodeIn } from '../core/safety.ts'
import { useSessionStore } from '../stores/session.ts'
import { useAttempt } from './use-attempt.ts'

/** The number that we and a person share, and what comes of comparing it with what was typed. */
export function useSafetyNumber(fingerprint: Ref<string>) {
  const session = useSessionStore()
  const { attempt } = useAttempt()
  const safety = shallowRef<SafetyNumber>()
  const typed = ref('')
  const result = ref<Comparison>('empty')

  watch(
    fingerprint,
    async (person) => {
      safety.value = undefined
      typed.value = ''
      await attempt(async () => {
        const number = await session.core().safetyNumber(person)
        if (fingerprint.value === person) safety.value = number
      })
    },
    { immediate: true },
  )

  watch([typed, safety], async () => {
    const [text, person] = [typed.value, fingerprint.value]
    const found = await compare(text, person)
    // an answer that comes late is about what is no longer there
    if (typed.value === text && fingerprint.value === person) result.value = found
  })

  async function compare(text: string, person: string): Promise<Comparison> {
    const code = safetyCodeIn(text)
    if (code === undefined) return compareDigits(text, safety.value?.digits ?? '', person)
    if (!isWholeCode(code)) return 'incomplete'
    try {
      return await session.core().compareSafetyQr(person, code)
    } catch {
      return 'mismatch'
    }
  }

  return { safety, typed, result }
}
