import { burnFields } from '../burn/burn-terms.ts'
import { toChatMessage, type History, type StoredMessage } from './history.ts'
import { isMortal, isOnItsWay } from './message-record.ts'
import type { ChatMessage } from '../api.ts'
import type { TextContent } from '../message/content.ts'
import type { Clock } from './clock.ts'
import type { Deliverable, DeliverySource } from './deliverable.ts'
import type { MessageNumbers } from './message-numbers.ts'

export interface OutboxInit {
  readonly history: History
  readonly numbers: MessageNumbers
  readonly clock: Clock
  readonly onChange: (message: ChatMessage) => void
}

/** Our messages that were not acknowledged yet, with the state each is in right now. */
export class Outbox implements DeliverySource {
  readonly #init: OutboxInit
  readonly #messages = new Map<string, StoredMessage>()
  /** When each began to wait, by the clock that nobody sets. */
  readonly #since = new Map<string, number>()
  /** Those that waited before this program started. */
  readonly #resumed = new Set<string>()

  constructor(init: OutboxInit) {
    this.#init = init
  }

  get size(): number {
    return this.#messages.size
  }

  get(id: string): StoredMessage | undefined {
    return this.#messages.get(id)
  }

  /** The numbers of what waits. */
  numbers(): number[] {
    return [...this.#messages.values()].flatMap(({ number }) => number ?? [])
  }

  *waiting(underWay?: ReadonlySet<string>): Iterable<Deliverable> {
    const elapsed = this.#init.clock.elapsed()
    const waiting: StoredMessage[] = []
    for (const message of this.#messages.values()) {
      if (underWay?.has(message.id) !== true) waiting.push(message)
    }
    // by number: what failed and was tried again has a new one, and what waits must arrive in the order of the numbers
    waiting.sort((a, b) => (a.number ?? 0) - (b.number ?? 0))
    for (const message of waiting) {
      const { id } = message
      yield {
        content: textOf(message),
        ageMs: elapsed - (this.#since.get(id) ?? elapsed),
        isResumed: this.#resumed.has(id),
      }
    }
  }

  /** Takes up one that was marked as waiting before a restart. */
  resume(message: StoredMessage): void {
    const { clock, numbers } = this.#init
    const waitedMs = clock.now() - (message.queuedAt ?? message.timestamp)
    numbers.resume(message.number)
    if (!isOnItsWay(message.state)) {
      numbers.keepGivenSoon()
      this.#init.history.settle(message)
      return
    }
    this.#resumed.add(message.id)
    this.#messages.set(
      message.id,
      message.state === 'sent' ? { ...message, state: 'queued' } : message,
    )
    // a clock that was set back cannot say how long it was; nothing waits for less than no time
    this.#since.set(message.id, clock.elapsed() - Math.max(0, waitedMs))
  }

  /** Gives the message its number, and stores it. Durable when it resolves, with the message. */
  async add(message: StoredMessage): Promise<StoredMessage> {
    const { history, numbers, clock } = this.#init
    const numbered = { ...message, ...numbers.give() }
    const since = clock.elapsed()
    await history.put(numbered)
    this.#messages.set(message.id, numbered)
    this.#since.set(message.id, since)
    return numbered
  }

  /** Puts a failed message back; to the other side it is the same message. Resolves with whether there is one. */
  async retry(id: string): Promise<boolean> {
    const { history, numbers, clock } = this.#init
    const message = await history.get(id)
    if (message?.state !== 'failed' || this.#messages.has(id)) return false
    const place = { ...numbers.give(), queuedAt: clock.now() }
    const queued: StoredMessage = { ...withoutReason(message), ...place, state: 'queued' }
    this.#messages.set(id, queued)
    this.#since.set(id, clock.elapsed())
    await this.#update(queued)
    return true
  }

  /** Takes what a message has become, where it waits. */
  replace(message: StoredMessage): void {
    if (this.#messages.has(message.id)) this.#messages.set(message.id, message)
  }

  /** Lets go of a message: it is not sent any more. */
  forget(id: string): void {
    this.#init.numbers.keepGiven()
    this.#drop(id)
  }

  /** Why what waits is waiting, for the user to see. */
  setReason(reason: string | undefined): void {
    for (const message of this.#messages.values()) {
      // what lies in mailboxes need not wait for us
      if (message.state === 'stored') continue
      if (message.reason === reason && message.state === 'queued') continue
      const queued: StoredMessage = {
        ...withoutReason(message),
        state: 'queued',
        ...(reason === undefined ? {} : { reason }),
      }
      this.#messages.set(message.id, queued)
      this.#init.onChange(toChatMessage(queued))
    }
  }

  /** What waits has failed, and goes out only if the user tries it again. */
  async giveUp(reason: string): Promise<void> {
    for (const id of [...this.#messages.keys()]) await this.#fail(id, reason)
  }

  sent(id: string): void {
    const message = this.#messages.get(id)
    if (message?.state !== 'queued') return
    this.#set({ ...withoutReason(message), state: 'sent' })
  }

  /** So many mailboxes keep it for the other side. It waits on: only the other side can say that it has it. */
  stored(id: string, mailboxes: number): void {
    const message = this.#messages.get(id)
    if (message === undefined || message.storedAt === mailboxes) return
    this.#set({ ...withoutReason(message), state: 'stored', storedAt: mailboxes })
  }

  /** Shown at once: should the note of it be lost, the message goes out again and is acknowledged again. */
  acknowledged(id: string): Promise<void> {
    const message = this.#messages.get(id)
    if (message !== undefined) {
      const delivered: StoredMessage = {
        ...burning(withoutReason(message), this.#init),
        state: 'delivered',
      }
      const { numbers, history, onChange } = this.#init
      this.#drop(id)
      onChange(toChatMessage(delivered))
      // its record is written anew and says that it does not wait; the mark of any other goes with the numbers
      if (isMortal(message)) numbers.keepGiven()
      else numbers.keepGivenSoon()
      history.delivered(delivered).catch(() => undefined)
    }
    return Promise.resolve()
  }

  expired(id: string): Promise<void> {
    return this.#fail(id, 'expired')
  }

  #drop(id: string): void {
    this.#messages.delete(id)
    this.#since.delete(id)
    this.#resumed.delete(id)
  }

  async #fail(id: string, reason: string): Promise<void> {
    const message = this.#messages.get(id)
    if (message === undefined) return
    this.forget(id)
    // the other side need not wait for it: asked for the number, we have nothing
    await this.#update({ ...withoutNumber(message), state: 'failed', reason })
  }

  #set(message: StoredMessage): void {
    this.#messages.set(message.id, message)
    this.#init.onChange(toChatMessage(message))
  }

  async #update(message: StoredMessage): Promise<void> {
    await this.#init.history.put(message)
    this.#init.onChange(toChatMessage(message))
  }
}

/** What travels of a message. */
export function textOf(message: StoredMessage): TextContent {
  const { id, timestamp, text, replyTo, disappearsAfter, burn, number, after } = message
  return {
    type: 'text',
    id,
    timestamp,
    text,
    ...(number === undefined ? {} : { number }),
    ...(after === undefined ? {} : { after }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(disappearsAfter === undefined ? {} : { disappears: disappearsAfter }),
    ...(burn === undefined ? {} : { burn: burnFields(burn) }),
  }
}

/** Our own copy burns when its time is over as well, from when the other side has it. */
function burning(message: StoredMessage, { clock }: Pick<OutboxInit, 'clock'>): StoredMessage {
  const { burn } = message
  return burn === undefined
    ? message
    : { ...message, expiresAt: clock.now() + burn.ttlSeconds * 1000 }
}

function withoutReason(message: StoredMessage): StoredMessage {
  const rest: { reason?: string } & StoredMessage = { ...message }
  delete rest.reason
  return rest
}

function withoutNumber(message: StoredMessage): StoredMessage {
  const rest: { number?: number; after?: number } & StoredMessage = { ...message }
  delete rest.number
  delete rest.after
  return rest
}
