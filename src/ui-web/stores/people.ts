import { defineStore } from 'pinia'
import { computed, ref, shallowReactive } from 'vue'
import type { Fingerprint, Person } from '../../chat/api.ts'
import { useSelfStore } from './self.ts'

/** Everyone we know of, and whom a look-up has shown. */
export const usePeopleStore = defineStore('people', () => {
  const self = useSelfStore()
  const byFingerprint = shallowReactive(new Map<Fingerprint, Person>())
  /** Counts the vouches heard of; what they say is the core's to tell. */
  const vouches = ref(0)

  const all = computed(() =>
    [...byFingerprint.values()]
      .filter(({ fingerprint }) => fingerprint !== self.fingerprint)
      .sort(byKnownThenName),
  )
  const online = computed(() => all.value.filter((person) => person.online))

  /** Names that more than one person carries: those are shown with their fingerprint. */
  const sharedNames = computed(() => {
    const seen = new Set<string>()
    const shared = new Set<string>()
    for (const { name } of byFingerprint.values()) {
      if (name === undefined) continue
      const folded = name.toLowerCase()
      if (seen.has(folded)) shared.add(folded)
      seen.add(folded)
    }
    return shared
  })

  function put(person: Person): void {
    byFingerprint.set(person.fingerprint, person)
  }

  function replaceAll(people: readonly Person[]): void {
    for (const person of people) put(person)
  }

  function noteVouch(): void {
    vouches.value++
  }

  function isSharedName(name: string | undefined): boolean {
    return name !== undefined && sharedNames.value.has(name.toLowerCase())
  }

  return { byFingerprint, vouches, all, online, put, replaceAll, noteVouch, isSharedName }
})

function byKnownThenName(a: Person, b: Person): number {
  if (a.known !== b.known) return a.known ? -1 : 1
  return (a.name ?? '').localeCompare(b.name ?? '') || a.fingerprint.localeCompare(b.fingerprint)
}
