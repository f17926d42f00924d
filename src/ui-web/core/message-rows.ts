import type {
  Burn,
  ChatMessage,
  ChatNote,
  MessageState,
  MessageVersion,
  Reaction,
  RoomMessage,
} from '../../chat/api.ts'

/** A message as the list shows it, whether it was said to one person or in a room. */
export interface ShownMessage {
  readonly id: string
  readonly author: string
  /** The person it is said with, where it is said to one person. */
  readonly conversation?: string | undefined
  /** Set where several people speak. */
  readonly authorName?: string | undefined
  readonly outgoing: boolean
  readonly text: string
  readonly timestamp: number
  readonly state: MessageState
  readonly reason?: string | undefined
  readonly storedAt?: number | undefined
  readonly burn?: Burn | undefined
  readonly expiresAt?: number | undefined
  readonly disappearsAfter?: number | undefined
  readonly replyTo?: string | undefined
  readonly editedAt?: number | undefined
  readonly versions?: readonly MessageVersion[] | undefined
  readonly reactions?: readonly Reaction[] | undefined
  readonly deleted?: true | undefined
  /** Set where the program speaks and nobody else. */
  readonly note?: ChatNote | undefined
  /** False in a room: signed, and readable by everybody there. */
  readonly encrypted: boolean
}

export interface MessageRow {
  readonly message: ShownMessage
  /** True for the first message of a day. */
  readonly newDay: boolean
  /** True for the first of a run by one author. */
  readonly first: boolean
  /** Whether to say why it waits: once for all that wait for the same reason, under the last of them. */
  readonly explain: boolean
}

/** Within this, messages of one author belong to one run. */
const RUN_MS = 5 * 60_000

export function fromChat(message: ChatMessage): ShownMessage {
  return { ...message, encrypted: true }
}

export function fromRoom(message: RoomMessage): ShownMessage {
  return { ...message, state: message.outgoing ? 'sent' : 'received', encrypted: false }
}

/** Rows from index `start` on; what stands before it only decides how the first one looks. */
export function messageRows(messages: readonly ShownMessage[], start = 0): MessageRow[] {
  return messages.slice(start).map((message, offset) => {
    const before = messages[start + offset - 1]
    const newDay = before === undefined || !sameDay(before.timestamp, message.timestamp)
    const sameAuthor = before?.author === message.author && before.note === undefined
    const soon = before !== undefined && message.timestamp - before.timestamp < RUN_MS
    const after = messages[start + offset + 1]
    const explain =
      message.state === 'failed' ||
      (message.reason !== undefined &&
        (after?.reason !== message.reason || after.state !== message.state))
    return { message, newDay, first: newDay || !sameAuthor || !soon, explain }
  })
}

export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString()
}

const EMOJI_ONLY = /^\p{RGI_Emoji}{1,3}$/v

/** One to three emoji and nothing else: shown large. */
export function isEmojiOnly(text: string): boolean {
  return EMOJI_ONLY.test(text.trim())
}
