import { toChatMessage } from './message-record.ts'
import { Mutex } from './mutex.ts'
import type { ChatMessage, ChatNote, Fingerprint } from '../api.ts'
import type { ContentHeader } from './composing.ts'
import type { History, StoredMessage } from './history.ts'

export interface NotesInit {
  readonly history: History
  /** The other person. */
  readonly fingerprint: Fingerprint
  readonly header: () => ContentHeader
  readonly onMessage: (message: ChatMessage) => void
}

/** Says in a conversation what nobody wrote, and nothing twice in a row. */
export class Notes {
  readonly #init: NotesInit
  readonly #noting = new Mutex()

  constructor(init: NotesInit) {
    this.#init = init
  }

  add(note: ChatNote): Promise<void> {
    return this.#noting.run(() => this.#add(note))
  }

  async #add(note: ChatNote): Promise<void> {
    const { history, fingerprint, header } = this.#init
    if (isSameNote(history.last, note)) return
    const message = noteMessage(fingerprint, note, { ...header(), order: history.nextOrder() })
    await history.put(message)
    this.#init.onMessage(toChatMessage(message))
  }
}

/** A note as it stands in the history: from nobody, with no words of its own. */
function noteMessage(
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
function isSameNote(message: ChatMessage | undefined, note: ChatNote): boolean {
  const last = message?.note
  return (
    last?.code === note.code &&
    last.side === note.side &&
    last.fingerprint === note.fingerprint &&
    last.seconds === note.seconds
  )
}
