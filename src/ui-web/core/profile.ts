import type { Chat } from '../../chat/api.ts'
import type { NetworkInfo } from './network-info.ts'

export interface PeerOptions {
  readonly network: NetworkInfo
  onProgress(step: string): void
}

export interface RunningPeer {
  readonly chat: Chat
  stop(): Promise<void>
}

/** `new`: never started, there is nobody yet. `locked`: kept under a passphrase. */
export type ProfileState = 'new' | 'open' | 'locked'

/** Who this window is: the keys, before there is a peer and beside it, and the peer that runs on them. */
export interface Profile {
  state(): Promise<ProfileState>
  /** Makes a new profile be who the words say. @throws InvalidRecoveryPhraseError | IdentityExistsError */
  restore(phrase: string): Promise<void>
  /** For the peer that starts next. @throws WrongPassphraseError, and nothing has changed */
  unlock(passphrase: string): Promise<void>
  /** The 24 words; under a passphrase with it alone. @throws WrongPassphraseError | NoRecoveryPhraseError */
  recoveryPhrase(passphrase?: string): Promise<string>
  /**
   * Another passphrase in place of `current`, or a first one, or none any more.
   * @throws PassphraseError for one that is too short; WrongPassphraseError; KeystoreError
   */
  protect(next: string | undefined, current?: string): Promise<void>
  /** Removes what looking for keys has left of a new profile. */
  forget(): Promise<void>
  /** A new profile gets its keys now. */
  startPeer(options: PeerOptions): Promise<RunningPeer>
}
