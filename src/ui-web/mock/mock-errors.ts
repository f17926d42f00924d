/** What the core throws, by the name that the page goes by: its classes are below what a page may import. */
export type MockErrorName =
  | 'InvalidNameError'
  | 'InvalidContentError'
  | 'InvalidRecoveryPhraseError'
  | 'InvalidLinkError'
  | 'LookupUnansweredError'
  | 'InvalidSafetyCodeError'
  | 'NothingToRevealError'
  | 'PassphraseError'
  | 'EditRefusedError'
  | 'PersonBlockedError'
  | 'PersonNotFoundError'
  | 'VouchRefusedError'
  | 'WrongPassphraseError'

export function mockError(name: MockErrorName, message: string): Error {
  const error = new Error(message)
  error.name = name
  return error
}
