import type { ChatMessage, ChatNote, Fingerprint } from '../api.ts'
import type { StoredMessage } from './history.ts'

/** A note as it stands in the history: from nobody, with no words of its own. */
export function noteMessage(
  conversation: Fingerprint,
  note: ChatNote,
  place: Pick<StoredMessage, 'id' | 'timestamp' | 'order'>,
): StoredMessage {
  return {
    ...place,
    conversation,
    author: conversation,
    outgoing: false,
    text: '',
    state: 'received',
    note,
  }
}

/** Whether a message says the same as `note` does. */
export function isSameNote(message: ChatMessage | undefined, note: ChatNote): boolean {
  const last = message?.note
  return (
    last?.code === note.code &&
    last.side === note.side &&
    last.fingerprint === note.fingerprint &&
    last.seconds === note.seconds
  )
}
