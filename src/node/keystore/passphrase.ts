import { PassphraseError } from './errors.ts'

/** Where the passphrase of a data folder comes from; asked only when the folder needs one. */
export interface PassphraseSource {
  /** A person named a file for it: a new folder is kept under that passphrase, an unprotected one is refused. */
  readonly isGiven: boolean
  /** @throws PassphraseError when there is nobody to ask and nothing to read */
  ask(): Promise<string>
}

export const NO_PASSPHRASE: PassphraseSource = {
  isGiven: false,
  ask: () => Promise.reject(new PassphraseError('the data folder is kept under a passphrase')),
}

/** NIST SP 800-63B-4 §3.1.1.2 asks for 8 at the least. Counted in code points. */
const MIN_CHARACTERS = 8

/** A passphrase that is about to protect something. @throws PassphraseError when it is too short */
export function requireFit(passphrase: string): string {
  if (Array.from(passphrase.normalize('NFKC')).length < MIN_CHARACTERS) {
    throw new PassphraseError(`a passphrase has at least ${String(MIN_CHARACTERS)} characters`)
  }
  return passphrase
}
