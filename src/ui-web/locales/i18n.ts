import { createI18n } from 'vue-i18n'
import en from './en.json'
import type { Language } from './languages.ts'
import zh from './zh.json'

/** Both languages are part of the shell: together they weigh less than asking for one would take. */
export function createPageI18n(language: Language) {
  return createI18n({
    legacy: false,
    fullInstall: false,
    locale: language,
    fallbackLocale: 'en',
    messages: { en, zh },
  })
}
