import type { VerifiedCertificate } from '../identity/certificate.ts'
import type { Content } from '../message/content.ts'

/** A content that waits for somebody's acknowledgement. */
export interface WaitingContent {
  readonly content: Content
  /** How long ago it was written; by its timestamp where that is not known better. */
  readonly ageMs?: number
}

/** Why there is no letter yet; the keys of `ContactFailure` in `api/contact.ts`. */
export type PostingFailure = 'no-keys' | 'keys-differ' | 'keys-outdated' | 'no-mailbox'

/** What letters need of the conversations: what waits, and somebody who takes what came. */
export interface Correspondence {
  /** Everybody for whom something may wait. */
  everybody(): Iterable<string>
  /** What waits for somebody, in the order in which it is to be sent. */
  waiting(fingerprint: string): readonly WaitingContent[]
  /** Whether a channel to them is up, on which what waits may get through by itself. */
  isConnected(fingerprint: string): boolean
  /** Whether they hear of us what contacts hear. */
  isContact(fingerprint: string): boolean
  /** These messages lie in so many mailboxes. */
  stored(fingerprint: string, ids: readonly string[], count: number): void
  /** A letter to somebody is being written, or came to nothing; that it lies somewhere, `stored` tells. */
  posting(fingerprint: string, failure?: PostingFailure): void
  /** Somebody proved in a letter who they are. */
  meet(remote: VerifiedCertificate, name: string | undefined): Promise<void>
  /** Stores and shows a content; resolves with whether it is stored and may be acknowledged. */
  deliver(fingerprint: string, content: Content, ageMs: number): Promise<boolean>
  /** They have stored these messages; 16 bytes each. */
  acknowledged(fingerprint: string, ids: Uint8Array): Promise<void>
  /** A letter of theirs is dealt with. */
  leave(fingerprint: string): void
  /** Tries to get a channel to somebody who may be there now. */
  reach(fingerprint: string): void
  /** Acknowledges on the channel to them; false when there is none. */
  acknowledge(fingerprint: string, ids: readonly Uint8Array[]): boolean
}
