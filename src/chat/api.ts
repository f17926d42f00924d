/**
 * The chat core as its users see it: the terminal, the page and the local API all talk to this one interface,
 * and nothing of libp2p or of cryptography shows through. Plain data in, plain data out: every value here can be
 * logged, compared and sent through a structured clone.
 */
import type { TypedEventTarget } from 'main-event'

/** SHA-256 of the SPKI of a person's signing key, 64 hexadecimal digits. The one name that nobody can fake. */
export type Fingerprint = string

/** Somebody we have met, looked up, or seen in a room. */
export interface Person {
  readonly fingerprint: Fingerprint
  /** The name they chose for themselves; anybody may choose the same. */
  readonly name: string | undefined
  /** libp2p peer id of the device we know them by. */
  readonly peerId: string
  readonly multiaddrs: readonly string[]
  /** True while a session with them is up, or their presence in a room is fresh. */
  readonly online: boolean
  /** True once a session with them was established: from then on, name and fingerprint belong together. */
  readonly known: boolean
  /** True for a fingerprint that the user compared with them in person. */
  readonly verified: boolean
}

export interface SelfInfo {
  readonly fingerprint: Fingerprint
  readonly peerId: string
  readonly name: string | undefined
  readonly multiaddrs: readonly string[]
  /** Peers we hold a libp2p connection to right now. */
  readonly connections: number
}

/** How a message stands, as its sender sees it. `failed` is final until `retry`. */
export type MessageState = 'queued' | 'sent' | 'delivered' | 'failed' | 'received'

/**
 * What the program itself has to say in a conversation; clients put it into words.
 * `identity-changed`: somebody else, `fingerprint`, answers where this person was. `identity-accepted`: the user took
 * `fingerprint` for this person from now on (`side` ours: said in the old conversation) or this person for
 * `fingerprint`, who was here before (`side` theirs: said in the new one). `identity-returned`: whoever was replaced by
 * `fingerprint` has proved to be there after all. `name-reused`: `fingerprint` goes by this person's name.
 * `state-rolled-back`: `side` has forgotten part of this conversation: a restored backup, or a copy.
 */
export interface ChatNote {
  readonly code: NoteCode
  readonly fingerprint?: Fingerprint
  readonly side?: 'ours' | 'theirs'
}

export type NoteCode =
  | 'identity-changed'
  | 'identity-accepted'
  | 'identity-returned'
  | 'name-reused'
  | 'state-rolled-back'

export interface ChatMessage {
  /** Timestamp and random: 32 hexadecimal digits, chosen by the sender. */
  readonly id: string
  /** The conversation it belongs to: the other person's fingerprint. */
  readonly conversation: Fingerprint
  readonly author: Fingerprint
  readonly outgoing: boolean
  readonly text: string
  /** Milliseconds since 1970 by the author's clock. */
  readonly timestamp: number
  readonly state: MessageState
  /** Why it is queued or failed, as an i18n key of `errors.*`: 'peer-offline', 'identity-changed', … */
  readonly reason?: string
  /** Set where nobody wrote this, the program notes it: `text` is empty then, and `author` the other person. */
  readonly note?: ChatNote
}

/** How the session to somebody stands. */
export type Link =
  | { readonly state: 'offline'; readonly reason?: string }
  | { readonly state: 'connecting' }
  | {
      readonly state: 'secure'
      /** The path the frames take right now. */
      readonly path: 'direct' | 'relayed'
      /** Milliseconds since 1970. */
      readonly since: number
      /** The remote multiaddr of the connection. */
      readonly multiaddr: string
    }

export interface Conversation {
  readonly id: Fingerprint
  readonly person: Person
  readonly link: Link
  readonly unread: number
  readonly lastMessage: ChatMessage | undefined
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

/** What two people compare. */
export interface SafetyNumber {
  /** 60 digits, the same on both screens; people read them in twelve groups of five. */
  readonly digits: string
  /** What our screen shows as a QR code, in the alphanumeric alphabet of QR. */
  readonly qr: string
}

export interface RoomMessage {
  readonly id: string
  readonly room: string
  readonly author: Fingerprint
  readonly authorName: string | undefined
  readonly outgoing: boolean
  readonly text: string
  readonly timestamp: number
}

export interface Room {
  /** Normalised name; the lobby's is `lobby`. */
  readonly name: string
  readonly joined: boolean
  /** Who has been heard of in it lately, ourselves included while joined. */
  readonly members: readonly RoomMember[]
  readonly unread: number
}

export interface RoomMember {
  readonly fingerprint: Fingerprint
  readonly peerId: string
  readonly name: string | undefined
}

/** Whom `lookup` found; several when a name is shared. */
export interface LookupResult {
  readonly query: string
  readonly kind: 'name' | 'peer-id' | 'multiaddr' | 'fingerprint'
  /** Known contacts first. */
  readonly people: readonly Person[]
}

export interface ChatEvents {
  'self:change': CustomEvent<SelfInfo>
  /** A person or the link to them changed, or they are new. */
  'conversation:change': CustomEvent<Conversation>
  'person:change': CustomEvent<Person>
  /** A new message, in either direction. */
  message: CustomEvent<ChatMessage>
  /** A message's state moved on. */
  'message:change': CustomEvent<ChatMessage>
  'room:change': CustomEvent<Room>
  'room:message': CustomEvent<RoomMessage>
  /** Something from outside was refused; counted by `refusals`. Holds no content. */
  refusal: CustomEvent<Refusal>
}

/** What a stranger sent and we would not take. */
export interface Refusal {
  /** The name of the error, for example `ReplayedFrameError`. */
  readonly error: string
  readonly peerId: string
  readonly at: number
}

export interface Chat extends TypedEventTarget<ChatEvents> {
  readonly self: SelfInfo

  /**
   * Publishes a signed profile under `name`. Names are not owned: two people may carry the same one.
   * Resolves with how many peers hold the record (0 while nobody else is in the network: it is published again
   * as soon as somebody is).
   * @throws InvalidNameError
   */
  register(name: string, options?: { signal?: AbortSignal }): Promise<number>

  /**
   * Finds people by name (in the DHT), fingerprint, peer id or multiaddr.
   * @throws InvalidNameError | PersonNotFoundError
   */
  lookup(query: string, options?: { signal?: AbortSignal }): Promise<LookupResult>

  /** Everyone we know of: contacts, and who is in the rooms we joined. */
  people(): Person[]
  conversations(): Conversation[]

  /**
   * Opens the conversation with a person that `lookup` or `people` gave and starts to connect; resolves at once,
   * the link's state follows by `conversation:change`.
   * @throws PersonNotFoundError
   */
  open(fingerprint: Fingerprint): Promise<Conversation>

  /** Connects and resolves when the session is secure. @throws ConnectError with a reason */
  connect(fingerprint: Fingerprint, options?: { signal?: AbortSignal }): Promise<Conversation>

  messages(conversation: Fingerprint): Promise<ChatMessage[]>

  /**
   * Stores and then sends; resolves when stored. What becomes of it follows by `message:change`.
   * @throws InvalidContentError for an empty text or one over 64 KiB of UTF-8, PersonReplacedError where
   * somebody else took this person's place
   */
  send(conversation: Fingerprint, text: string): Promise<ChatMessage>
  retry(messageId: string): Promise<void>
  markRead(conversation: Fingerprint): Promise<void>
  /** Records that the user compared fingerprints with the person. */
  setVerified(fingerprint: Fingerprint, verified: boolean): Promise<void>
  /** What to compare with somebody to know that nobody sits between. @throws InvalidKeyError for no fingerprint */
  safetyNumber(fingerprint: Fingerprint): Promise<SafetyNumber>
  /**
   * Whether a scanned code is that of this person, looking at us. Records nothing.
   * @throws InvalidSafetyCodeError for what is no safety code at all
   */
  compareSafetyQr(fingerprint: Fingerprint, payload: string): Promise<'match' | 'mismatch'>

  /**
   * The user's answer to an alarm. `keep`: wait on for the person we know. `accept`: `stranger`, the fingerprint that
   * the user was shown, is the contact from now on, unverified; what waited in the old conversation has failed and goes
   * to nobody by itself. Resolves with the conversation to go on in; where there is no such alarm (any more), nothing
   * happens.
   */
  resolveAlarm(
    fingerprint: Fingerprint,
    decision: 'keep' | 'accept',
    stranger: Fingerprint,
  ): Promise<Conversation>

  /** The lobby first, then rooms we joined, then rooms we heard of. */
  rooms(): Room[]
  /** Joins a room, creating it when nobody has; the lobby is joined from the start. @throws InvalidNameError */
  joinRoom(name: string): Promise<Room>
  leaveRoom(name: string): Promise<void>
  sendToRoom(name: string, text: string): Promise<RoomMessage>
  roomMessages(name: string): RoomMessage[]
  markRoomRead(name: string): void

  /** How often each error refused something from outside, since start. */
  refusals(): Readonly<Record<string, number>>

  stop(): Promise<void>
}
