import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { LookupProgress } from '../../chat/api.ts'

/** How the last look-up goes, or went. */
export const useLookupsStore = defineStore('lookups', () => {
  const last = shallowRef<LookupProgress>()

  function put(progress: LookupProgress): void {
    last.value = progress
  }

  /** Of this query, if it was the last one. */
  function of(query: string): LookupProgress | undefined {
    return last.value?.query === query ? last.value : undefined
  }

  return { put, of }
})
