/** The languages the page speaks, each by its own name. */
export const LANGUAGES = { en: 'English', zh: '中文' } as const

export type Language = keyof typeof LANGUAGES

/** Near enough to BCP 47 that `Intl` takes it; some browsers say `en-US@posix`. */
const LANGUAGE_TAG = /^[a-z]{2,3}(?:-[a-z\d]{2,8})*$/iu

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(LANGUAGES, value)
}

/** The first of the browser's languages that we speak; English when there is none. */
export function detectLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const primary = primaryOf(tag)
    if (isLanguage(primary)) return primary
  }
  return 'en'
}

/** The language as it is written where the user lives, who may have 24 hours a day or twice twelve. BCP 47 */
export function regionalTag(language: string, preferred: readonly string[]): string {
  return preferred.find((tag) => primaryOf(tag) === language && LANGUAGE_TAG.test(tag)) ?? language
}

function primaryOf(tag: string): string | undefined {
  return tag.toLowerCase().split('-')[0]
}
