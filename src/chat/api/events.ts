import type { LookupProgress } from './contact.ts'
import type { Conversation } from './conversation.ts'
import type { ChatMessage } from './message.ts'
import type { Fingerprint, Person, SelfInfo } from './person.ts'
import type { Preferences } from './preferences.ts'
import type { Room, RoomMessage } from './room.ts'
import type { StorageState } from './storage.ts'

export interface ChatEvents {
  'self:change': CustomEvent<SelfInfo>
  /** A person or the link to them changed, or they are new. */
  'conversation:change': CustomEvent<Conversation>
  /** A request was declined, or a stranger blocked: it is listed nowhere any more. */
  'conversation:gone': CustomEvent<Fingerprint>
  'person:change': CustomEvent<Person>
  /** A look-up got further, or ended. */
  'lookup:change': CustomEvent<LookupProgress>
  /** Somebody vouched for this person, or took it back; or we did. */
  'trust:change': CustomEvent<Fingerprint>
  /** A new message, in either direction. */
  message: CustomEvent<ChatMessage>
  /** A message's state moved on, or what it says changed. */
  'message:change': CustomEvent<ChatMessage>
  'preferences:change': CustomEvent<Preferences>
  'room:change': CustomEvent<Room>
  'room:message': CustomEvent<RoomMessage>
  /** What comes in and what is written cannot be kept, or can again. */
  'storage:change': CustomEvent<StorageState>
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
