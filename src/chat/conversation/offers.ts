import { MAX_OFFERED_AGE_MS, MAX_OFFERED_MESSAGES } from './constants.ts'
import { textOf } from './outbox.ts'
import type { Deliverable, DeliverySource } from './deliverable.ts'
import type { History, StoredMessage } from './history.ts'

/** How far behind its neighbours a number may stand: a message that failed and was tried again keeps its place. */
const NUMBERS_OUT_OF_ORDER = 1000

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
    const offers: StoredMessage[] = []
    for await (const message of this.#history.newest()) {
      if (!isOffered(message, nowMs) || recent.has(message.id)) continue
      offers.unshift({ ...message, offered: true })
      if (offers.length >= MAX_OFFERED_MESSAGES) break
    }
    await this.#history.putAll(offers)
    for (const offer of offers) this.#waiting.set(offer.id, offer)
  }

  /**
   * Offers again what the other side misses by number, where it is there and young enough; resolves with the numbers
   * of the rest.
   */
  async renewNumbers(nowMs: number, wanted: ReadonlySet<number>): Promise<Iterable<number>> {
    const gone = new Set(wanted)
    const lowest = Math.min(...wanted)
    const offers: StoredMessage[] = []
    for await (const message of this.#history.newest()) {
      const { id, outgoing, number } = message
      if (gone.size === 0) break
      if (!outgoing || number === undefined) continue
      // numbers ascend, but for what was tried again
      if (number < lowest - NUMBERS_OUT_OF_ORDER) break
      if (!gone.has(number) || !isOffered(message, nowMs)) continue
      gone.delete(number)
      if (!this.#waiting.has(id)) offers.unshift({ ...message, offered: true })
    }
    await this.#history.putAll(offers)
    for (const offer of offers) this.#waiting.set(offer.id, offer)
    return gone
  }

  /** Takes what a message has become, where it is offered. */
  replace(message: StoredMessage): void {
    if (this.#waiting.has(message.id)) this.#waiting.set(message.id, { ...message, offered: true })
  }

  /** Lets go of a message: it is not sent any more. */
  forget(id: string): void {
    this.#waiting.delete(id)
  }

  get(id: string): StoredMessage | undefined {
    return this.#waiting.get(id)
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

function isOffered({ outgoing, state, timestamp }: StoredMessage, nowMs: number): boolean {
  const isThere = state === 'delivered' || state === 'read'
  return outgoing && isThere && nowMs - timestamp <= MAX_OFFERED_AGE_MS
}
