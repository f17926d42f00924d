import type { Fingerprint } from './person.ts'

/**
 * How a message stands, as its sender sees it; `received` for those that came in. `stored`: in mailboxes, see
 * `ChatMessage.storedAt`. `delivered`: the other side has stored it. `read`: they say that they have read it, which they
 * need not say. `burned`: gone on both sides. `failed` is final until `retry`.
 */
export type MessageState =
  'queued' | 'sent' | 'stored' | 'delivered' | 'read' | 'burned' | 'failed' | 'received'

/**
 * What the program itself has to say in a conversation; clients put it into words.
 * `identity-changed`: somebody else, `fingerprint`, answers where this person was. `identity-accepted`: the user took
 * `fingerprint` for this person from now on (`side` ours: said in the old conversation) or this person for
 * `fingerprint`, who was here before (`side` theirs: said in the new one). `identity-returned`: whoever was replaced by
 * `fingerprint` has proved to be there after all. `name-reused`: `fingerprint` goes by this person's name.
 * `state-rolled-back`: `side` has forgotten part of this conversation: a restored backup, or a copy. `vouched`: `side`
 * vouched for `fingerprint` to the other one. `vouch-withdrawn`: `side` took that back. `disappearing-changed`: `side` set how long messages stay, to `seconds`, 0
 * for ever.
 */
export interface ChatNote {
  readonly code: NoteCode
  readonly fingerprint?: Fingerprint
  readonly side?: 'ours' | 'theirs'
  readonly seconds?: number
}

export type NoteCode =
  | 'identity-changed'
  | 'identity-accepted'
  | 'identity-returned'
  | 'name-reused'
  | 'state-rolled-back'
  | 'vouched'
  | 'vouch-withdrawn'
  | 'disappearing-changed'

/** What somebody made of a message; each person has at most one on each. */
export interface Reaction {
  readonly author: Fingerprint
  /** One emoji. */
  readonly emoji: string
}

/** What a message said before an edit. */
export interface MessageVersion {
  readonly text: string
  /** Milliseconds since 1970 by the author's clock. */
  readonly timestamp: number
}

/** A message goes, on both sides, after so many seconds or so many times of reading, whichever comes first. */
export interface Burn {
  /** From when the other side has it. */
  readonly ttlSeconds: number
  readonly reads: number
  /** How often it can still be read; on the author's side as far as that has been told. */
  readonly readsLeft: number
}

export interface ChatMessage {
  /** Timestamp and random: 32 hexadecimal digits, chosen by the sender. */
  readonly id: string
  /** The conversation it belongs to: the other person's fingerprint. */
  readonly conversation: Fingerprint
  readonly author: Fingerprint
  readonly outgoing: boolean
  readonly text: string
  /** When it was written, ms since 1970: of what came in, by our clock, however its author's is set. docs/specs/delivery.md §6 */
  readonly timestamp: number
  readonly state: MessageState
  /** Why it is queued or failed, as an i18n key of `errors.*`: 'peer-offline', 'identity-changed', … */
  readonly reason?: string
  /** In how many mailboxes it waits for the other side. */
  readonly storedAt?: number
  /** The message of this conversation that it answers; it may not be here, or not be here any more. */
  readonly replyTo?: string
  /** When its author last changed it, by the author's clock. */
  readonly editedAt?: number
  /** What it said before, the first version first. */
  readonly versions?: readonly MessageVersion[]
  readonly reactions?: readonly Reaction[]
  /** Its author took it back: `text` is empty. */
  readonly deleted?: true
  /** How long it stays once it was delivered (ours) or read (theirs), in seconds. */
  readonly disappearsAfter?: number
  /** It burns after reading; what came in shows no `text` but through `reveal`. */
  readonly burn?: Burn
  /** When it goes, in milliseconds since 1970; set once that time runs. */
  readonly expiresAt?: number
  /** Set where nobody wrote this, the program notes it: `text` is empty then, and `author` the other person. */
  readonly note?: ChatNote
}

export interface SendOptions {
  /** Id of the message of the same conversation that this one answers. */
  readonly replyTo?: string
  /** The message burns after reading: by default after 300 s or one time of reading, whichever comes first. */
  readonly burn?: { readonly ttlSeconds?: number; readonly reads?: number }
}
