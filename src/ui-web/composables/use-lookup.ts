import { useDebounceFn } from '@vueuse/core'
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import type { Person } from '../../chat/api.ts'
import { usePeopleStore } from '../stores/people.ts'
import { useSessionStore } from '../stores/session.ts'

/** A look-up travels through the network: ask once the typing has paused. */
const PAUSE_MS = 600

/** People for what was typed: those we know at once, those of the network as soon as it has answered. */
export function useLookup(query: Ref<string>) {
  const session = useSessionStore()
  const people = usePeopleStore()
  const found = shallowRef<readonly Person[]>([])
  const searching = ref(false)
  const failure = shallowRef<unknown>()
  let running: AbortController | undefined

  const wanted = computed(() => query.value.trim())
  const results = computed(() => {
    if (wanted.value === '') return []
    const near = people.all.filter((person) => matches(person, wanted.value))
    const seen = new Set(near.map(({ fingerprint }) => fingerprint))
    return [...near, ...found.value.filter(({ fingerprint }) => !seen.has(fingerprint))]
  })

  function cancel(): void {
    running?.abort()
    running = undefined
    searching.value = false
  }

  /** Asks the network now. */
  async function lookup(): Promise<void> {
    cancel()
    const asked = wanted.value
    if (asked === '') return
    const controller = new AbortController()
    running = controller
    searching.value = true
    failure.value = undefined
    try {
      const answer = await session.core().lookup(asked, { signal: controller.signal })
      if (!controller.signal.aborted) found.value = answer.people
    } catch (err) {
      if (!controller.signal.aborted) failure.value = err
    } finally {
      if (running === controller) cancel()
    }
  }

  const lookupLater = useDebounceFn(async (asked: string) => {
    if (asked === wanted.value && running === undefined) await lookup()
  }, PAUSE_MS)

  watch(wanted, async (asked) => {
    cancel()
    found.value = []
    failure.value = undefined
    if (asked !== '') await lookupLater(asked)
  })

  return { results, searching, failure, lookup }
}

function matches({ name, fingerprint, peerId }: Person, query: string): boolean {
  const folded = query.toLowerCase()
  const digits = folded.replace(/\s/gu, '')
  return (
    (name?.toLowerCase().includes(folded) ?? false) ||
    (digits.length >= 4 && fingerprint.startsWith(digits)) ||
    peerId === query
  )
}
