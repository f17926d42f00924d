import { useDebounceFn } from '@vueuse/core'
import { computed, shallowRef, watch, type Ref } from 'vue'
import type { SearchHit } from '../../chat/api.ts'
import { useSessionStore } from '../stores/session.ts'

/** Nothing leaves the machine for this: ask soon. */
const PAUSE_MS = 150
const MAX_HITS = 20

/** Messages that hold what was typed, the newest first. */
export function useMessageSearch(query: Ref<string>) {
  const session = useSessionStore()
  const hits = shallowRef<readonly SearchHit[]>([])
  const wanted = computed(() => query.value.trim())

  const searchLater = useDebounceFn(async (asked: string) => {
    if (asked !== wanted.value || asked === '') return
    const found = await session.core().search(asked, { limit: MAX_HITS })
    if (asked === wanted.value) hits.value = found
  }, PAUSE_MS)

  watch(
    wanted,
    async (asked) => {
      if (asked === '') hits.value = []
      else await searchLater(asked)
    },
    { immediate: true },
  )

  return { hits }
}
