import type { ContactProgress } from './contact.ts'
import type { Link } from './link.ts'
import type { ChatMessage } from './message.ts'
import type { Fingerprint, Person } from './person.ts'

/** How a conversation is to be treated. `disappearing` holds for both sides, the rest is ours alone. */
export interface ConversationSettings {
  /** Whether we say what we have read, and are shown what they have. Default: as towards everybody, `Preferences`. */
  readonly readReceipts: boolean
  /** Whether we say that we are typing, and are shown it of them. Default: as towards everybody. */
  readonly typing: boolean
  /** Seconds that messages sent from now on stay; 0 for ever. Either side may set it for both. Default 0. */
  readonly disappearing: number
  /** Messages come in without calling for attention. Default false. */
  readonly muted: boolean
  /** So many frames leave a second, whether there is something to say or not; one of `Conversation.cover.choices`, or 0. Default 0. */
  readonly cover: number
  /** Long messages are deflated where that saves frames. Default false: docs/decisions/compression.md. */
  readonly compression: boolean
}

/** Frames that leave at a constant rate, by our settings or theirs. */
export interface ConversationCover {
  readonly isActive: boolean
  /** What it costs right now in each direction. */
  readonly bytesPerHour: number
  /** What may be set. */
  readonly choices: readonly CoverChoice[]
}

/** Frames a second, and what they cost in each direction. */
export interface CoverChoice {
  readonly framesPerSecond: number
  readonly bytesPerHour: number
}

export interface Conversation {
  readonly id: Fingerprint
  readonly person: Person
  readonly link: Link
  /** How the search for them stands; absent while they are connected, and where nobody looked for them yet. */
  readonly contact?: ContactProgress
  readonly unread: number
  /** Messages of theirs that have not come although later ones have, and were waited for: they are asked for. */
  readonly missing?: number
  readonly cover?: ConversationCover
  readonly lastMessage: ChatMessage | undefined
  readonly settings: ConversationSettings
  /**
   * A stranger's first messages: listed by `requests`, not by `conversations`, and told by no `message` event. They hear
   * nothing of us until it is accepted, but that it is stored.
   */
  readonly request?: true
  /** The user wants nothing of this person: no session, no message in either direction. */
  readonly blocked?: true
  /** They are writing at this moment. */
  readonly typing?: true
  /** What the user began to write and did not send. */
  readonly draft?: string
  /** Set when someone else now answers where this person was: never sent to until the user decides. */
  readonly alarm?: {
    readonly kind: 'identity-changed'
    /** Who answers now. */
    readonly fingerprint: Fingerprint
    /** The user saw it and goes on waiting for the one they know. */
    readonly decision?: 'keep'
  }
  /** Who took this person's place by the user's decision: to be read, not to be written in. */
  readonly replacedBy?: Fingerprint
}
