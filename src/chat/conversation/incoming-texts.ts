import { isText, type Content, type TextContent } from '../message/content.ts'
import { MalformedMessageError } from '../message/errors.ts'
import { toChatMessage, type History, type StoredMessage } from './history.ts'
import type { ChatMessage } from '../api.ts'
import type { DurableHandler } from './receiver.ts'

/** Texts of the other side: each is stored and shown once, however often and on however many channels it comes. */
export class IncomingTexts implements DurableHandler {
  readonly durable = true
  readonly #fingerprint: string
  readonly #history: History
  readonly #onMessage: (message: ChatMessage) => void
  /** What is being stored, by id. */
  readonly #arriving = new Map<string, Promise<void>>()

  constructor(fingerprint: string, history: History, onMessage: (message: ChatMessage) => void) {
    this.#fingerprint = fingerprint
    this.#history = history
    this.#onMessage = onMessage
  }

  async receive(content: Content): Promise<void> {
    if (!isText(content)) throw new MalformedMessageError('a text without a proper text')
    const { id } = content
    let storing = this.#arriving.get(id)
    if (storing === undefined && !this.#history.has(id)) {
      storing = this.#store(content).finally(() => this.#arriving.delete(id))
      this.#arriving.set(id, storing)
    }
    await storing
  }

  async #store({ id, timestamp, text }: TextContent): Promise<void> {
    const message: StoredMessage = {
      id,
      timestamp,
      text,
      conversation: this.#fingerprint,
      author: this.#fingerprint,
      outgoing: false,
      state: 'received',
      order: this.#history.nextOrder(),
    }
    await this.#history.put(message)
    this.#onMessage(toChatMessage(message))
  }
}
