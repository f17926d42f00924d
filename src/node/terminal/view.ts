import type {
  ChatMessage,
  Conversation,
  Fingerprint,
  Person,
  Refusal,
  Room,
  RoomMessage,
  SafetyNumber,
  SelfInfo,
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
  /** A message of ours that was shown before has a new state. */
  messageState(message: ChatMessage): void
  /** In the open room, or in another one: the first unread there, or one more. */
  roomMessage(message: RoomMessage, place: 'here' | 'first' | 'more'): void
  link(conversation: Conversation, here: boolean): void
  alarm(conversation: Conversation): void
  fingerprints(self: SelfInfo, person: Person): void
  safety(person: Person, safety: SafetyNumber): void
  safetyCompared(fingerprint: Fingerprint, result: 'match' | 'mismatch'): void
  verified(fingerprint: Fingerprint, verified: boolean): void
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
