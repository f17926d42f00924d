import { useI18n } from 'vue-i18n'

const BY_NAME: Readonly<Record<string, string>> = {
  InvalidNameError: 'invalid-name',
  InvalidContentError: 'invalid-content',
  PersonNotFoundError: 'not-found',
  PersonReplacedError: 'replaced',
  ConnectError: 'peer-offline',
  QuotaExceededError: 'storage-full',
}

/** Sentences for what the core throws, and for the reasons that messages and links carry. */
export function useErrorText() {
  const { t, te } = useI18n()

  function reasonText(reason: string | undefined): string {
    const key = `errors.${reason ?? 'unknown'}`
    return te(key) ? t(key) : t('errors.unknown')
  }

  function errorText(err: unknown): string {
    if (!(err instanceof Error)) return reasonText(undefined)
    if ('reason' in err && typeof err.reason === 'string') return reasonText(err.reason)
    return reasonText(BY_NAME[err.name])
  }

  return { reasonText, errorText }
}
