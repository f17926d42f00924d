import { watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'
import { usePreferencesStore } from '../stores/preferences.ts'

/** Puts the chosen theme and language on the document. Without a chosen theme the system's applies, by CSS alone. */
export function usePreferenceEffects(): void {
  const preferences = usePreferencesStore()
  const { locale } = useI18n()

  watchEffect(() => {
    const root = document.documentElement
    if (preferences.theme === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = preferences.theme
  })
  watchEffect(() => {
    locale.value = preferences.language
    document.documentElement.lang = preferences.language
  })
}
