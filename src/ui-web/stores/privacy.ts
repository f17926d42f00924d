import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Preferences, PreferencesChange } from '../../chat/api.ts'
import { useSessionStore } from './session.ts'

/** What the user wants told to everybody, where a conversation does not say otherwise. */
export const usePrivacyStore = defineStore('privacy', () => {
  const session = useSessionStore()
  const preferences = shallowRef<Preferences>()

  function set(current: Preferences): void {
    preferences.value = current
  }

  async function update(change: PreferencesChange): Promise<void> {
    set(await session.core().updatePreferences(change))
  }

  return { preferences, set, update }
})
