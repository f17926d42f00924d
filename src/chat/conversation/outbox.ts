import { toChatMessage, type History, type StoredMessage } from './history.ts'
import type { ChatMessage } from '../api.ts'
import type { TextContent } from '../message/content.ts'
import type { Deliverable, DeliverySource } from './deliverable.ts'

/** Our messages that were not acknowledged yet, with the state each is in right now. */
export class Outbox implements DeliverySource {
  readonly #history: History
  readonly #onChange: (message: ChatMessage) => void
  readonly #messages = new Map<string, StoredMessage>()

  constructor(history: History, onChange: (message: ChatMessage) => void) {
    this.#history = history
    this.#onChange = onChange
  }

  get size(): number {
    return this.#messages.size
  }

  get(id: string): StoredMessage | undefined {
    return this.#messages.get(id)
  }

  *waiting(): Iterable<Deliverable> {
    for (const message of [...this.#messages.values()]) yield { content: textOf(message) }
  }

  /** Takes up one that waited before a restart. */
  resume(message: StoredMessage): void {
    this.#messages.set(message.id, { ...message, state: 'queued' })
  }

  /** Durable when it resolves. */
  async add(message: StoredMessage): Promise<void> {
    await this.#history.put(message)
    this.#messages.set(message.id, message)
  }

  /** Puts a failed message back; to the other side it is the same message. Resolves with whether there is one. */
  async retry(id: string): Promise<boolean> {
    const message = await this.#history.get(id)
    if (message?.state !== 'failed') return false
    const queued: StoredMessage = { ...withoutReason(message), state: 'queued' }
    this.#messages.set(id, queued)
    await this.#update(queued)
    return true
  }

  /** Why what waits is waiting, for the user to see. */
  setReason(reason: string | undefined): void {
    for (const message of this.#messages.values()) {
      if (message.reason === reason && message.state === 'queued') continue
      const queued: StoredMessage = {
        ...withoutReason(message),
        state: 'queued',
        ...(reason === undefined ? {} : { reason }),
      }
      this.#messages.set(message.id, queued)
      this.#onChange(toChatMessage(queued))
    }
  }

  /** What waits has failed, and goes out only if the user tries it again. */
  async giveUp(reason: string): Promise<void> {
    for (const id of [...this.#messages.keys()]) await this.#fail(id, reason)
  }

  sent(id: string): void {
    const message = this.#messages.get(id)
    if (message?.state !== 'queued') return
    const sent: StoredMessage = { ...withoutReason(message), state: 'sent' }
    this.#messages.set(id, sent)
    this.#onChange(toChatMessage(sent))
  }

  /** Shown at once: should the note of it be lost, the message goes out again and is acknowledged again. */
  acknowledged(id: string): Promise<void> {
    const message = this.#messages.get(id)
    if (message !== undefined) {
      const delivered: StoredMessage = { ...withoutReason(message), state: 'delivered' }
      this.#messages.delete(id)
      this.#onChange(toChatMessage(delivered))
      this.#history.put(delivered).catch(() => undefined)
    }
    return Promise.resolve()
  }

  expired(id: string): Promise<void> {
    return this.#fail(id, 'expired')
  }

  async #fail(id: string, reason: string): Promise<void> {
    const message = this.#messages.get(id)
    if (message === undefined) return
    this.#messages.delete(id)
    await this.#update({ ...message, state: 'failed', reason })
  }

  async #update(message: StoredMessage): Promise<void> {
    await this.#history.put(message)
    this.#onChange(toChatMessage(message))
  }
}

/** What travels of a message. */
export function textOf({ id, timestamp, text }: StoredMessage): TextContent {
  return { type: 'text', id, timestamp, text }
}

function withoutReason(message: StoredMessage): StoredMessage {
  const rest: { reason?: string } & StoredMessage = { ...message }
  delete rest.reason
  return rest
}
