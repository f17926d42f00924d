import type {
  ChatMessage,
  ConversationCover,
  ConversationSettings,
  Fingerprint,
  Reaction,
} from '../../chat/api.ts'
import { SELF } from './cast.ts'

export const MOCK_SETTINGS: ConversationSettings = {
  readReceipts: true,
  typing: true,
  disappearing: 0,
  muted: false,
  cover: 0,
  compression: false,
}

/** As the core has them. */
export const MOCK_COVER: ConversationCover = {
  isActive: false,
  bytesPerHour: 0,
  choices: [2, 4, 16].map((framesPerSecond) => ({
    framesPerSecond,
    bytesPerHour: framesPerSecond * 1056 * 3600,
  })),
}

/** What an edit makes of a message. */
export function editMock(message: ChatMessage, text: string): ChatMessage {
  const { text: before, timestamp, versions = [] } = message
  return {
    ...message,
    text,
    editedAt: Date.now(),
    versions: [...versions, { text: before, timestamp }],
  }
}

/** What our reaction, or that of `author`, makes of a message. */
export function reactMock(
  message: ChatMessage,
  emoji: string | undefined,
  author: Fingerprint = SELF.fingerprint,
): ChatMessage {
  const others = (message.reactions ?? []).filter((one) => one.author !== author)
  const own: Reaction[] = emoji === undefined ? [] : [{ author, emoji }]
  return { ...message, reactions: [...others, ...own] }
}

/** What stays of a message that was taken back. */
export function deleteMock(message: ChatMessage): ChatMessage {
  const { id, conversation, author, outgoing, timestamp, state } = message
  return { id, conversation, author, outgoing, timestamp, state, text: '', deleted: true }
}
