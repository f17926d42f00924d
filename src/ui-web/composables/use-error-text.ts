import { useI18n } from 'vue-i18n'

const BY_NAME: Readonly<Record<string, string>> = {
  InvalidNameError: 'invalid-name',
  InvalidPictureError: 'invalid-picture',
  InvalidStatusError: 'invalid-status',
  NotAPictureError: 'invalid-picture',
  InvalidContentError: 'invalid-content',
  InvalidLinkError: 'link-damaged',
  LookupUnansweredError: 'unanswered',
  PersonNotFoundError: 'not-found',
  PersonBlockedError: 'blocked',
  PersonReplacedError: 'replaced',
  RequestPendingError: 'request-pending',
  ConnectError: 'peer-offline',
  IdentityExistsError: 'identity-exists',
  InvalidRecoveryPhraseError: 'invalid-phrase',
  InvalidSafetyCodeError: 'not-safety-code',
  KeystoreError: 'earlier-profile',
  NoRecoveryPhraseError: 'no-phrase',
  NothingToRevealError: 'burned',
  PassphraseError: 'passphrase-short',
  PublicKeyUnknownError: 'key-unknown',
  WrongPassphraseError: 'wrong-passphrase',
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
    if ('word' in err && typeof err.word === 'number') {
      return t('errors.phrase-word', { word: err.word })
    }
    if ('reason' in err && typeof err.reason === 'string') return reasonText(err.reason)
    return reasonText(BY_NAME[err.name])
  }

  return { reasonText, errorText }
}
