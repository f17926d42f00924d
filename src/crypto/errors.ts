/**
 * What can go wrong in the cryptography. These say deliberately little: an attacker who sees the difference
 * between two failures learns something about the key.
 */

/** A ciphertext did not open: wrong key, wrong nonce, wrong associated data, or altered on the way. */
export class DecryptionError extends Error {
  override name = 'DecryptionError'
  constructor() {
    super('could not be decrypted')
  }
}

/** Bytes that should be a key are not one, or the key may not leave its keeper. */
export class InvalidKeyError extends Error {
  override name = 'InvalidKeyError'
}

/** A signature does not hold over the bytes it came with. */
export class InvalidSignatureError extends Error {
  override name = 'InvalidSignatureError'
}

/** A handshake message is malformed, not for us, or not from who we expected. */
export class HandshakeError extends Error {
  override name = 'HandshakeError'
}

/** A frame that was already opened came again. */
export class ReplayedFrameError extends Error {
  override name = 'ReplayedFrameError'
}

/** The session was closed and its keys are gone. */
export class SessionClosedError extends Error {
  override name = 'SessionClosedError'
  constructor() {
    super('the session is closed')
  }
}

/**
 * Somebody's state was set back to an earlier one (a restored backup, a cloned folder): the other side sealed twice
 * with one key, or our own stored state is older than one we know of. The session must be started anew, visibly.
 */
export class RolledBackStateError extends Error {
  override name = 'RolledBackStateError'
}

/** Stored session state that cannot be read. */
export class InvalidStateError extends Error {
  override name = 'InvalidStateError'
}

/** A letter was sealed for a prekey that we no longer have. */
export class PrekeyUnavailableError extends Error {
  override name = 'PrekeyUnavailableError'
}

/** What should open the vault does not: a wrong passphrase, another key file, or a damaged header. */
export class WrongPassphraseError extends Error {
  override name = 'WrongPassphraseError'
  constructor() {
    super('the passphrase or key does not open this vault')
  }
}

/** Words that are not a recovery phrase of ours. */
export class InvalidRecoveryPhraseError extends Error {
  override name = 'InvalidRecoveryPhraseError'
  /** Which word is wrong, counted from 1, where it is a single one. The word itself belongs in no error. */
  readonly word: number | undefined

  constructor(message: string, word?: number) {
    super(message)
    this.word = word
  }
}

/** A vouch is malformed, expired, or not signed by who it says. */
export class InvalidVouchError extends Error {
  override name = 'InvalidVouchError'
}

/** A scanned code is not a safety code. */
export class InvalidSafetyCodeError extends Error {
  override name = 'InvalidSafetyCodeError'
}
