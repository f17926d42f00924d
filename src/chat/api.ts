/**
 * The chat core as its users see it: the terminal, the page and the local API all talk to this one interface,
 * and nothing of libp2p or of cryptography shows through. Plain data in, plain data out: every value in `api/` can be
 * logged, compared and sent through a structured clone.
 */
import type { ContactLink } from './api/contact.ts'
import type { Conversation, ConversationSettings } from './api/conversation.ts'
import type { ChatEvents } from './api/events.ts'
import type { ChatMessage, SendOptions } from './api/message.ts'
import type { Fingerprint, LookupResult, Person, Picture, SelfInfo } from './api/person.ts'
import type { Preferences, PreferencesChange } from './api/preferences.ts'
import type { Room, RoomMessage } from './api/room.ts'
import type { SearchHit, SearchOptions } from './api/search.ts'
import type { StorageState } from './api/storage.ts'
import type { PersonTrust, SafetyNumber } from './api/trust.ts'
import type { TypedEventTarget } from 'main-event'

export type * from './api/contact.ts'
export type * from './api/conversation.ts'
export type * from './api/events.ts'
export type * from './api/link.ts'
export type * from './api/message.ts'
export type * from './api/person.ts'
export type * from './api/preferences.ts'
export type * from './api/room.ts'
export type * from './api/search.ts'
export type * from './api/storage.ts'
export type * from './api/trust.ts'

export interface Chat extends TypedEventTarget<ChatEvents> {
  readonly self: SelfInfo

  /**
   * Publishes a signed profile under `name`. Names are not owned: two people may carry the same one.
   * Resolves with how many peers hold the record (0 while nobody else is in the network: it is published again
   * as soon as somebody is).
   * @throws InvalidNameError
   */
  register(name: string, options?: { signal?: AbortSignal }): Promise<number>

  /** One line for contacts and for our profile; empty for none. @throws InvalidStatusError */
  setStatus(text: string): Promise<void>
  /**
   * WebP or JPEG, square, at most 512 pixels and 16 KiB; undefined for none. Contacts get it; the profile names its hash.
   * @throws InvalidPictureError
   */
  setPicture(picture: Uint8Array | undefined): Promise<void>
  /** A contact's picture, or ours; undefined where there is none, or it has not come. */
  picture(fingerprint: Fingerprint): Promise<Picture | undefined>
  /** The user did something, which may be told with each key; or, with false, looks at something else. */
  setAttention(isHere: boolean): void
  /** The user says that they are away, until they say that they are back. */
  setAway(isAway: boolean): void

  /**
   * Finds people by contact link, by name (in the DHT), fingerprint, peer id or multiaddr; how it goes is told by
   * `lookup:change`. A link or a fingerprint always gives somebody: what is written to them is kept until they can be
   * reached.
   * @throws InvalidNameError | InvalidLinkError | ConnectError | PersonNotFoundError; LookupUnansweredError where the
   * network did not say whether there is anybody
   */
  lookup(query: string, options?: { signal?: AbortSignal }): Promise<LookupResult>

  /** Our own link, with the ways to us as they are now. */
  contactLink(): Promise<ContactLink>

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
   * @throws InvalidSettingError for a `disappearing` that is neither 0 nor between 5 s and 4 weeks, or a `cover` that is
   * no choice
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
  /**
   * Takes our word for `about` back: tells everybody to whom we vouched for them, each in their conversation; resolves
   * when stored. Whom it cannot be told stays in `PersonTrust.toldTo`.
   * @throws VouchRefusedError when nobody has it, or what `send` throws for somebody who cannot be told
   */
  withdrawVouch(about: Fingerprint): Promise<void>
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

  /** What the user wants towards everybody. */
  preferences(): Preferences
  /** Changes what is given; in force at once, durable when it resolves. @throws InvalidSettingError */
  updatePreferences(change: PreferencesChange): Promise<Preferences>

  /** Whether what comes in and what is written can be kept; `storage:change` tells when that is another. */
  storage(): StorageState

  /** How often each error refused something from outside, since start. */
  refusals(): Readonly<Record<string, number>>

  stop(): Promise<void>
}
