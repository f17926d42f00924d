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
 * vouched for `fingerprint` to the other one. `disappearing-changed`: `side` set how long messages stay, to `seconds`, 0
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

/** How the session to somebody stands. */
export type Link =
  | { readonly state: 'offline'; readonly reason?: string }
  | { readonly state: 'connecting' }
  | SecureLink

export interface SecureLink {
  readonly state: 'secure'
  /** The path the frames take right now. */
  readonly path: 'direct' | 'relayed'
  /** Milliseconds since 1970. */
  readonly since: number
  /** The remote multiaddr of the connection. */
  readonly multiaddr: string
  /** What carries the frames; of a relayed path, what leads to the relay. */
  readonly transport?: PathTransport
  /** Both sides opened the way through their NATs, introduced by a relay. */
  readonly holePunched?: boolean
  /** Smoothed; absent until it was measured. */
  readonly rttMs?: number
  /** Frames of this program run, over all paths to this person. */
  readonly bytesSent?: number
  readonly bytesReceived?: number
  /** Where the path could be better: whether something is being done about it, and what stood in the way so far. */
  readonly upgrade?: UpgradeState
}

export type PathTransport = 'tcp' | 'ws' | 'wss' | 'webrtc' | 'webtransport' | 'quic' | 'other'

export interface UpgradeState {
  readonly state: 'trying' | 'waiting'
  /** When the next attempt begins, milliseconds since 1970. */
  readonly nextAt?: number
  readonly reason?: UpgradeFailure
}

/**
 * `no-address`: they told no address that we could dial. `unreachable`: nobody answered at their addresses, and one side
 * has no WebRTC. `hole-punch-failed`: neither their addresses nor WebRTC got through.
 */
export type UpgradeFailure = 'no-address' | 'unreachable' | 'hole-punch-failed'

/** How a conversation is to be treated. `disappearing` holds for both sides, the rest is ours alone. */
export interface ConversationSettings {
  /** Whether we say what we have read, and are shown what they have. Default true. */
  readonly readReceipts: boolean
  /** Whether we say that we are typing, and are shown it of them. Default true. */
  readonly typing: boolean
  /** Seconds that messages sent from now on stay; 0 for ever. Either side may set it for both. Default 0. */
  readonly disappearing: number
  /** Messages come in without calling for attention. Default false. */
  readonly muted: boolean
  /** Frames leave at a constant rate, whether there is something to say or not. Default false. */
  readonly cover: boolean
  /** Long messages are deflated where that saves frames. Default false: docs/decisions/compression.md. */
  readonly compression: boolean
}

export interface SendOptions {
  /** Id of the message of the same conversation that this one answers. */
  readonly replyTo?: string
  /** The message burns after reading: by default after 300 s or one time of reading, whichever comes first. */
  readonly burn?: { readonly ttlSeconds?: number; readonly reads?: number }
}

export interface Conversation {
  readonly id: Fingerprint
  readonly person: Person
  readonly link: Link
  readonly unread: number
  /** Messages of theirs that have not come although later ones have, and are asked for. */
  readonly missing?: number
  /** Whether frames leave at a constant rate right now, by our settings or theirs, and what that costs in each direction. */
  readonly cover?: { readonly isActive: boolean; readonly bytesPerHour: number }
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

/** What two people compare. */
export interface SafetyNumber {
  /** 60 digits, the same on both screens; people read them in twelve groups of five. */
  readonly digits: string
  /** What our screen shows as a QR code, in the alphanumeric alphabet of QR. */
  readonly qr: string
}

/** One contact's signed word that another's fingerprint is really theirs. Times are milliseconds since 1970. */
export interface VouchLink {
  readonly voucher: Fingerprint
  readonly subject: Fingerprint
  readonly issuedAt: number
  readonly expiresAt: number
}

/** What contacts say about a person. Nothing of it is proof: the user judges whose word is good. */
export interface PersonTrust {
  /**
   * Each vouches for the next, from somebody whom the user verified to the person, at most four links; empty where
   * there is no such chain, and where none is needed.
   */
  readonly chain: readonly VouchLink[]
  /** All who vouched for the person to us, verified or not. */
  readonly vouchedForBy: readonly VouchLink[]
  /** Whom the person vouched for to us. */
  readonly vouchesFor: readonly VouchLink[]
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

export interface SearchOptions {
  /** Only in this conversation. */
  readonly conversation?: Fingerprint
  /** At most so many hits. Default 50. */
  readonly limit?: number
}

export interface SearchHit {
  readonly message: ChatMessage
  /** Where the words are: offsets in the message's `text`, each from its start to behind its end. */
  readonly matches: readonly (readonly [start: number, end: number])[]
}

export interface ChatEvents {
  'self:change': CustomEvent<SelfInfo>
  /** A person or the link to them changed, or they are new. */
  'conversation:change': CustomEvent<Conversation>
  /** A request was declined, or a stranger blocked: it is listed nowhere any more. */
  'conversation:gone': CustomEvent<Fingerprint>
  'person:change': CustomEvent<Person>
  /** Somebody vouched for this person. */
  'trust:change': CustomEvent<Fingerprint>
  /** A new message, in either direction. */
  message: CustomEvent<ChatMessage>
  /** A message's state moved on, or what it says changed. */
  'message:change': CustomEvent<ChatMessage>
  'room:change': CustomEvent<Room>
  'room:message': CustomEvent<RoomMessage>
  /** Something from outside was refused; counted by `refusals`. Holds no content. */
  refusal: CustomEvent<Refusal>
  /** A message is no longer here: it disappeared, or the user deleted it on this side. */
  'message:gone': CustomEvent<{ readonly id: string; readonly conversation: Fingerprint }>
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
   * Writing to somebody accepts their request.
   * @throws InvalidContentError for an empty text or one over 64 KiB of UTF-8, PersonReplacedError where
   * somebody else took this person's place, PersonBlockedError for somebody the user blocked
   */
  send(conversation: Fingerprint, text: string, options?: SendOptions): Promise<ChatMessage>
  retry(messageId: string): Promise<void>
  /** The user has seen what is here; the other side is told, unless it is a stranger or the settings say otherwise. */
  markRead(conversation: Fingerprint): Promise<void>

  /**
   * What a message that burns says. Counts as reading it; the last time, or the end of its time, burns it on both sides.
   * @throws NothingToRevealError
   */
  reveal(conversation: Fingerprint, messageId: string): Promise<string>
  /**
   * Messages that hold every word of the query, in any order and as part of any word, the newest first. Case and accents
   * make no difference. Messages that burn are never found.
   */
  search(query: string, options?: SearchOptions): Promise<SearchHit[]>

  /** One message as it is now, or undefined where it is not (any more): what `replyTo` names. */
  message(conversation: Fingerprint, messageId: string): Promise<ChatMessage | undefined>
  /**
   * Changes what an own message says, on both sides; what it said before stays in `versions`.
   * @throws InvalidContentError, EditRefusedError for somebody else's message, one older than 24 hours, or the 11th edit
   */
  edit(conversation: Fingerprint, messageId: string, text: string): Promise<ChatMessage>
  /** Sets our reaction to a message, or takes it back. @throws InvalidContentError for what is not one emoji */
  react(
    conversation: Fingerprint,
    messageId: string,
    emoji: string | undefined,
  ): Promise<ChatMessage>
  /**
   * Deletes a message here. `forBoth`, for own messages: asks the other side to do the same, and leaves a mark on both.
   * @throws DeleteRefusedError for both, of what somebody else wrote
   */
  deleteMessage(
    conversation: Fingerprint,
    messageId: string,
    options?: { forBoth?: boolean },
  ): Promise<void>

  /** The user is writing, or has stopped: call it with each keystroke. Told at most each 3 s, while a session is up. */
  setTyping(conversation: Fingerprint, typing: boolean): void
  /** Keeps what the user began to write; an empty text forgets it, as does sending. @throws InvalidContentError past 64 KiB */
  setDraft(conversation: Fingerprint, text: string): Promise<void>
  /**
   * Changes what is given.
   * @throws InvalidSettingError for a `disappearing` that is neither 0 nor between 5 s and 4 weeks
   */
  updateSettings(
    conversation: Fingerprint,
    settings: Partial<ConversationSettings>,
  ): Promise<Conversation>

  /** Conversations that strangers would like to have, the latest first. They are few, and small. */
  requests(): Conversation[]
  /** Makes the stranger a contact. From here on they hear what contacts hear. */
  acceptRequest(fingerprint: Fingerprint): Promise<Conversation>
  /** Forgets what the stranger wrote, and takes nothing of them for a week. They are not told. */
  declineRequest(fingerprint: Fingerprint): Promise<void>
  /**
   * Nothing more comes from this person, or goes to them, until `unblock`; a request of theirs is forgotten, and what
   * they say in rooms is not shown.
   */
  block(fingerprint: Fingerprint): Promise<void>
  unblock(fingerprint: Fingerprint): Promise<void>
  /** Whom the user blocked. */
  blocked(): Person[]

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
   * The public half of a person's signing key, or of our own, as PEM of SPKI: what the fingerprint is the hash of.
   * @throws PublicKeyUnknownError for somebody whom we only heard of and nobody in the network knows
   */
  publicKey(fingerprint: Fingerprint, options?: { signal?: AbortSignal }): Promise<string>

  /**
   * Tells `to`, in the conversation with them, that we vouch for `about`; resolves when stored, like `send`.
   * @throws VouchRefusedError for somebody we have not verified, PersonReplacedError | PersonNotFoundError as `send`
   */
  vouch(about: Fingerprint, to: Fingerprint): Promise<void>
  /** What contacts say about a person. */
  trust(fingerprint: Fingerprint): PersonTrust

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
