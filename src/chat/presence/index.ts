/**
 * Presence: whether contacts are there, since when not, and how they present themselves; and what of ours they are told.
 * docs/specs/presence.md
 *
 * It does not know channels: conversations carry what it says, to contacts alone, and hand it what they hear.
 */
import { Presence } from './presence.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Fingerprint, PersonPresence, PresencePreferences } from '../api.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { HeardProfile } from './contact-book.ts'

export type { HeardProfile } from './contact-book.ts'
export type { Presentation } from './own-profile.ts'
export type { Presence } from './presence.ts'

/** What is shown of somebody besides who they are. */
export interface Appearance extends PersonPresence {
  readonly status?: string
  /** Of a picture that is here. */
  readonly picture?: string
}

export interface PresenceInit {
  readonly crypto: Pick<CryptoPort, 'sha256' | 'randomBytes'>
  readonly records: RecordStore
  /** Our fingerprint. */
  readonly self: Fingerprint
  readonly now: () => number
  /** Milliseconds that only pass. @default performance.now */
  readonly elapsed?: () => number
  readonly preferences: () => PresencePreferences
  readonly show: (fingerprint: Fingerprint, appearance: Appearance) => void
  /** We present ourselves otherwise than before: everybody is to be told. */
  readonly onOwnProfile: () => void
  /** We came, went away, or do not want it said any more. */
  readonly onOwnPresence: () => void
  /** Contacts, those that were talked to last first. */
  readonly contacts: () => readonly Fingerprint[]
  /** Whether there is nobody yet who could lead to others. */
  readonly isAlone: () => boolean
  readonly isReached: (fingerprint: Fingerprint) => boolean
  /** Opens a channel to a contact; resolves with whether there is one. */
  readonly call: (fingerprint: Fingerprint, signal: AbortSignal) => Promise<boolean>
  /** What the directory has of a contact. */
  readonly lookUp: (
    fingerprint: Fingerprint,
    signal: AbortSignal,
  ) => Promise<HeardProfile | undefined>
}

export function presence(init: PresenceInit): Presence {
  return new Presence(init)
}
