import type {
  ChatMessage,
  ContactLink,
  Conversation,
  Fingerprint,
  LookupProgress,
  Person,
  PersonTrust,
  Preferences,
  Refusal,
  Room,
  RoomMessage,
  SafetyNumber,
  SearchHit,
  SelfInfo,
  StorageState,
} from '../../chat/api.ts'

/** What `/help` knows of a command. */
export interface HelpEntry {
  /** `/open NAME` */
  readonly usage: string
  /** One line. */
  readonly summary: string
  /** More, for `/help COMMAND`. */
  readonly details?: string
}

/** What somebody asks, in their words. */
export interface RequestReport {
  readonly conversation: Conversation
  readonly messages: readonly ChatMessage[]
}

export interface StatusReport {
  readonly self: SelfInfo
  readonly conversations: readonly Conversation[]
  /** How often each named error refused something from outside. */
  readonly refusals: Readonly<Record<string, number>>
  readonly logFile: string | undefined
}

/**
 * Everything that the client can show, in words of what happened rather than of how it looks. One implementation
 * is for people at a terminal, the other for programs at a pipe.
 */
export interface View {
  welcome(self: SelfInfo, conversations: readonly Conversation[]): void
  self(self: SelfInfo): void
  registered(name: string, holders: number): void
  /** `room` is the one that is open, if one is. */
  people(people: readonly Person[], room: Room | undefined): void
  /** Several people answer to `query`; numbered from 1 in this order. */
  choices(query: string, people: readonly Person[]): void
  conversationOpened(conversation: Conversation, history: readonly ChatMessage[]): void
  roomOpened(room: Room, history: readonly RoomMessage[]): void
  conversations(conversations: readonly Conversation[]): void
  rooms(rooms: readonly Room[]): void
  /** `here`: its conversation is the one that is open. */
  message(message: ChatMessage, here: boolean): void
  /** What was said in the open conversation, oldest first, whether it was shown before or not. */
  history(messages: readonly ChatMessage[]): void
  /** What a message that burns says, this once. */
  revealed(message: ChatMessage, text: string): void
  /** Messages that hold all words of the query, the newest first. */
  found(query: string, hits: readonly SearchHit[]): void
  /** A message of ours that was shown before has a new state. */
  messageState(message: ChatMessage): void
  /** A message that was shown before says something else, was taken back, or has other reactions. */
  messageChanged(message: ChatMessage, here: boolean): void
  /** A message is not there any more. */
  messageGone(id: string, conversation: Fingerprint): void
  /** Somebody who is no contact asks. */
  request(fingerprint: Fingerprint, messages: number): void
  requestGone(fingerprint: Fingerprint): void
  requests(requests: readonly RequestReport[]): void
  settings(conversation: Conversation): void
  preferences(preferences: Preferences): void
  /** What comes in and what is written cannot be kept, or can again. */
  storage(state: StorageState): void
  /** So many messages of theirs have not come, or 0: all that were missing have. */
  missing(conversation: Conversation, missing: number, here: boolean): void
  /** In the open room, or in another one: the first unread there, or one more. */
  roomMessage(message: RoomMessage, place: 'here' | 'first' | 'more'): void
  link(conversation: Conversation, here: boolean): void
  /** Our own link, to be handed to others. */
  contactLink(link: ContactLink): void
  /** How the search for somebody goes who is not connected. */
  contact(conversation: Conversation): void
  /** The same, whenever it got further. */
  contactChanged(conversation: Conversation, here: boolean): void
  /** A look-up got further, or ended. */
  lookup(progress: LookupProgress): void
  /** Everything about the way to them. */
  path(conversation: Conversation): void
  alarm(conversation: Conversation): void
  fingerprints(self: SelfInfo, person: Person): void
  safety(person: Person, safety: SafetyNumber): void
  safetyCompared(fingerprint: Fingerprint, result: 'match' | 'mismatch'): void
  verified(fingerprint: Fingerprint, verified: boolean): void
  publicKey(fingerprint: Fingerprint, pem: string): void
  trust(fingerprint: Fingerprint, trust: PersonTrust): void
  status(report: StatusReport): void
  /** The first refusal of this error's name; the rest are counted in `status`. */
  refusal(refusal: Refusal): void
  help(entries: readonly HelpEntry[]): void
  /** Something that takes a while has begun. */
  progress(text: string): void
  /** Something that went as it should, in a sentence. */
  note(text: string): void
  failure(error: unknown): void
}
