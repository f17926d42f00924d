import type { ChatMessage, MessageState } from '../../chat/api.ts'
import type { View } from './view.ts'

/** Messages of ours that are remembered, so that each is shown once and each change of its state once. */
const MAX_REMEMBERED = 1000
/** Where a message of this run stands. */
export interface Deliveries {
  readonly delivered: number
  readonly failed: number
  /** Queued or sent, and not heard of again yet. */
  readonly waiting: number
}

/** States of a message that the other side has, or had. */
const ARRIVED: ReadonlySet<MessageState> = new Set(['delivered', 'read', 'burned'])

/** What was shown of a message last. */
interface Seen {
  readonly state: string
  readonly words: string
}

/** Shows messages and keeps count of what became of those that this run sent. */
export class Transcript {
  readonly #view: View
  readonly #shown = new Map<string, Seen>()
  readonly #own = new Map<string, MessageState>()
  #onChange: (() => void) | undefined

  constructor(view: View) {
    this.#view = view
  }

  /** A new message: by event and by the answer to `send`, whichever is first. The answer may be the older news. */
  show(message: ChatMessage, here: boolean): void {
    if (this.#shown.has(message.id)) return
    this.recall(message)
    if (message.outgoing) this.#own.set(message.id, message.state)
    this.#view.message(message, here)
    this.#onChange?.()
  }

  /** Shown by other means, as part of a history. */
  recall(message: ChatMessage): void {
    this.#shown.set(message.id, { state: stateKey(message), words: wordsKey(message) })
    const [oldest] = this.#shown.keys()
    if (this.#shown.size > MAX_REMEMBERED && oldest !== undefined) this.#shown.delete(oldest)
  }

  /** News of a message, of this run or an earlier one: of ours where it stands, of any what it says. */
  update(message: ChatMessage, here: boolean): void {
    const before = this.#shown.get(message.id)
    if (before === undefined && !message.outgoing) return
    const isStateNew = message.outgoing && before?.state !== stateKey(message)
    const isChanged = before !== undefined && before.words !== wordsKey(message)
    if (!isStateNew && !isChanged) return
    this.recall(message)
    if (this.#own.has(message.id)) this.#own.set(message.id, message.state)
    if (isChanged) this.#view.messageChanged(message, here)
    if (isStateNew) this.#view.messageState(message)
    this.#onChange?.()
  }

  deliveries(): Deliveries {
    const states = [...this.#own.values()]
    const delivered = states.filter((state) => ARRIVED.has(state)).length
    const failed = states.filter((state) => state === 'failed').length
    return { delivered, failed, waiting: states.length - delivered - failed }
  }

  /** Resolves when nothing of this run is waiting, or `signal` aborts. */
  async settled(signal: AbortSignal): Promise<void> {
    while (this.deliveries().waiting > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#onChange = resolve
        signal.addEventListener(
          'abort',
          () => {
            resolve()
          },
          { once: true },
        )
      })
    }
    this.#onChange = undefined
  }
}

function stateKey(message: ChatMessage): string {
  return `${message.state} ${message.reason ?? ''} ${String(message.storedAt ?? '')}`
}

/** Two messages with the same key say the same. */
function wordsKey({ text, editedAt, deleted, reactions = [] }: ChatMessage): string {
  const marks = reactions.map(({ author, emoji }) => `${author} ${emoji}`).sort()
  return JSON.stringify([editedAt === undefined ? '' : text, editedAt, deleted, marks])
}
