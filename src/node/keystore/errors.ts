/** What can go wrong with keys at rest. Each message is one line for the person; none holds a secret. */

/** A passphrase is wrong, missing, unfit, or cannot be asked for. */
export class PassphraseError extends Error {
  override name = 'PassphraseError'
}

/** What was asked cannot be done with the keys that are there. */
export class KeystoreError extends Error {
  override name = 'KeystoreError'
}

/** There is an identity where a restored or imported one should go. */
export class IdentityExistsError extends Error {
  override name = 'IdentityExistsError'
}

/** The identity was made from keys, not from words. */
export class NoRecoveryPhraseError extends Error {
  override name = 'NoRecoveryPhraseError'
  constructor() {
    super('this identity has no recovery phrase: its keys were not made from one')
  }
}
