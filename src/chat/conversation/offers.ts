import { MAX_OFFERED_AGE_MS, MAX_OFFERED_MESSAGES } from './constants.ts'
import { textOf } from './outbox.ts'
import type { Deliverable, DeliverySource } from './deliverable.ts'
import type { History, StoredMessage } from './history.ts'

/**
 * Messages that the other side had acknowledged and then forgot: on their way again until it acknowledges them again.
 * To the user they stay delivered. docs/specs/chat.md §6.1
 */
export class Offers implements DeliverySource {
  readonly #history: History
  readonly #waiting = new Map<string, StoredMessage>()

  constructor(history: History) {
    this.#history = history
  }

  get size(): number {
    return this.#waiting.size
  }

  *waiting(): Iterable<Deliverable> {
    for (const message of [...this.#waiting.values()]) yield { content: textOf(message) }
  }

  /** Takes up one that was on its way before a restart. */
  resume(message: StoredMessage): void {
    this.#waiting.set(message.id, message)
  }

  /** Offers again what is neither too old nor among `recent`, which the other side has just acknowledged. */
  async renew(nowMs: number, recent: ReadonlySet<string>): Promise<void> {
    const offers = (await this.#history.all())
      .filter(({ id, outgoing, state, timestamp }) => {
        const isYoung = nowMs - timestamp <= MAX_OFFERED_AGE_MS
        return outgoing && state === 'delivered' && isYoung && !recent.has(id)
      })
      .slice(-MAX_OFFERED_MESSAGES)
      .map((message): StoredMessage => ({ ...message, offered: true }))
    await this.#history.offer(offers)
    for (const offer of offers) this.#waiting.set(offer.id, offer)
  }

  /** Nothing is shown of it: to the user the message is delivered all the while. */
  sent(): void {}

  async acknowledged(id: string): Promise<void> {
    const message = this.#waiting.get(id)
    if (message === undefined) return
    this.#waiting.delete(id)
    const plain: { offered?: true } & StoredMessage = { ...message }
    delete plain.offered
    await this.#history.put(plain)
  }

  expired(id: string): Promise<void> {
    return this.acknowledged(id)
  }
}
