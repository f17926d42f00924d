import { defineStore } from 'pinia'
import { ref } from 'vue'
import { readPreference, writePreference } from '../core/safe-storage.ts'
import { detectLanguage, isLanguage, type Language } from '../locales/languages.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** What the system tells of messages while nobody looks: nothing, that there are some, or also from whom. */
export const NOTIFY = ['off', 'unnamed', 'named'] as const
export type Notify = (typeof NOTIFY)[number]

const THEME_KEY = 'sotto.theme'
const LANGUAGE_KEY = 'sotto.language'
const NOTIFY_KEY = 'sotto.notify'

/** What the user chose for this browser: kept, and the same in all of its windows. */
export const usePreferencesStore = defineStore('preferences', () => {
  const theme = ref<Theme>(toTheme(readPreference(THEME_KEY)))
  const language = ref<Language>(toLanguage(readPreference(LANGUAGE_KEY)))
  const notify = ref<Notify>(toNotify(readPreference(NOTIFY_KEY)))

  function setTheme(chosen: Theme): void {
    theme.value = chosen
    writePreference(THEME_KEY, chosen)
  }

  function setLanguage(chosen: Language): void {
    language.value = chosen
    writePreference(LANGUAGE_KEY, chosen)
  }

  function setNotify(chosen: Notify): void {
    notify.value = chosen
    writePreference(NOTIFY_KEY, chosen)
  }

  return { theme, language, notify, setTheme, setLanguage, setNotify }
})

export function isNotify(value: unknown): value is Notify {
  return NOTIFY.some((kind) => kind === value)
}

function toNotify(stored: string | null): Notify {
  return isNotify(stored) ? stored : 'off'
}

function toTheme(stored: string | null): Theme {
  return THEMES.find((theme) => theme === stored) ?? 'system'
}

function toLanguage(stored: string | null): Language {
  return isLanguage(stored) ? stored : detectLanguage(navigator.languages)
}
