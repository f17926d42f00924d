import { MARK, type LateWrite, type RecordStore } from '../store/record-store.ts'
import { MAX_GONE_IDS } from './constants.ts'
import { KnownIds } from './known-ids.ts'
import {
  isMortal,
  isOnItsWay,
  messagePath,
  orderOf,
  openMessage,
  sealMessage,
  type MessageRecord,
} from './message-record.ts'
import { ReadMarks } from './read-marks.ts'
import type { ChatMessage } from '../api.ts'
import type { BurnBox } from '../burn/burn-box.ts'

export { toChatMessage } from './message-record.ts'

/** A message as it is kept. */
export interface StoredMessage extends ChatMessage {
  /** Place in the conversation as this side saw it happen. */
  readonly order: number
  /** Delivered once, and forgotten by the other side: to be sent again until it is acknowledged again. */
  readonly offered?: true
  /** Counts what its author wrote in this conversation; none while it has failed. docs/specs/delivery.md §4 */
  readonly number?: number
  /** Its author had the other side's messages up to this number. */
  readonly after?: number
  /** Ours: when it began to wait, where that is not when it was written. */
  readonly queuedAt?: number
  /** Versions of what was changed in it: its edits, and each person's reaction. docs/specs/chat.md §5.4 */
  readonly amended?: {
    readonly edits?: number
    readonly reactions?: Readonly<Record<string, number>>
  }
}

export interface HistoryInit {
  readonly records: RecordStore
  /** The other person. */
  readonly fingerprint: string
  readonly burns: BurnBox
  readonly now: () => number
  /** Ids that outlive their messages. */
  readonly maxGone?: number
}

export interface PageOptions {
  /** Messages before this place; the newest without it. */
  readonly before?: number
  readonly limit?: number
}

/**
 * The messages of one conversation at rest:
 *
 *     message/<fingerprint>/<order>    the message
 *     message-id/<fingerprint>/<id>/<order>    a mark: it is here
 *     gone/<fingerprint>/<order>/<id>    a mark: it was here
 *     waiting/<fingerprint>/<order>    a mark: it is ours and not acknowledged
 *
 * Beginning reads what waits, what is unread and the last message, however long the conversation is. A message that no
 * longer waits is delivered, whatever its record says: its mark is taken away, some time later and with those of others,
 * and no record is written anew.
 */
export class History {
  readonly #init: HistoryInit
  readonly #ids: KnownIds
  readonly #marks: ReadMarks
  #lastOrder = 0
  readonly #waiting = new Set<number>()
  /** Places whose marks are to be taken away. */
  readonly #settled = new Set<number>()
  readonly #unmark: LateWrite = {
    entries: () => {
      const paths = [...this.#settled].map((order) => this.#waitingPath(order))
      this.#settled.clear()
      return paths.map((path) => [path, undefined])
    },
  }
  #last: StoredMessage | undefined

  constructor(init: HistoryInit) {
    this.#init = init
    this.#ids = new KnownIds({ maxGone: MAX_GONE_IDS, ...init })
    this.#marks = new ReadMarks(init.records, init.fingerprint)
  }

  get unread(): number {
    return this.#marks.count
  }

  get last(): StoredMessage | undefined {
    return this.#last
  }

  /**
   * Reads what a conversation begins with; returns the messages that are marked as waiting, in order. One that is not on
   * its way any more was settled just before the process ended.
   */
  async load(): Promise<StoredMessage[]> {
    const { records, fingerprint } = this.#init
    await this.#marks.load((order) => this.isTaken(order))
    const prefix = `waiting/${fingerprint}/`
    for await (const path of records.paths({ prefix })) this.#waiting.add(orderOf(path))
    for (const last of await this.page({ limit: 1 })) this.#note(last)
    for await (const message of this.#walk({ after: this.#path(this.#marks.readOrder) })) {
      this.#note(message)
    }
    const waiting: StoredMessage[] = []
    for (const order of this.#waiting) {
      const message = await this.#at(order)
      if (message === undefined) this.settle({ order })
      if (message?.outgoing === true) waiting.push(message)
    }
    return waiting
  }

  async all(): Promise<StoredMessage[]> {
    const messages: StoredMessage[] = []
    for await (const message of this.#walk({})) messages.push(message)
    return messages
  }

  /** The newest first. */
  newest(): AsyncIterable<StoredMessage> {
    return this.#walk({ reverse: true })
  }

  /** So many messages in order, up to a place or up to the end. */
  async page({ before, limit = Infinity }: PageOptions): Promise<StoredMessage[]> {
    const messages: StoredMessage[] = []
    if (limit < 1) return messages
    const cut = before === undefined ? {} : { before: this.#path(before) }
    for await (const message of this.#walk({ ...cut, reverse: true })) {
      messages.push(message)
      if (messages.length >= limit) break
    }
    return messages.reverse()
  }

  nextOrder(): number {
    return ++this.#lastOrder
  }

  /** Whether a message is, or was, here. */
  async has(id: string): Promise<boolean> {
    return this.#ids.has(id)
  }

  /** Whether a message that is not known may have been here, removed so long ago that its id was forgotten. */
  mayHaveForgotten(id: string): Promise<boolean> {
    return this.#ids.mayHaveForgotten(id)
  }

  /** Whether a message stands at this place. */
  isTaken(order: number): Promise<boolean> {
    return this.#init.records.has(this.#path(order))
  }

  async get(id: string): Promise<StoredMessage | undefined> {
    const order = await this.#ids.orderOf(id)
    const message = order === undefined ? undefined : await this.#at(order)
    // the place of a message that was removed may be another one's by now
    return message?.id === id ? message : undefined
  }

  /** Stores what has come in; what fills a gap before messages that were read is unread all the same. */
  async arrive(message: StoredMessage): Promise<void> {
    const stored = await this.#marks.expect(message.order)
    await this.put(message)
    stored()
  }

  /** Durable when it resolves. */
  put(message: StoredMessage): Promise<void> {
    return this.putAll([message])
  }

  /** All or nothing, and durable when it resolves. */
  async putAll(messages: readonly StoredMessage[]): Promise<void> {
    const entries: [string, unknown][] = []
    for (const message of messages) {
      const { id, order } = message
      entries.push([this.#path(order), await sealMessage(message, this.#init.burns)])
      entries.push(...this.#ids.entryFor(id, order), ...this.#waitingEntry(message))
    }
    await this.#init.records.putAll(entries)
    for (const message of messages) {
      this.#ids.add(message.id, message.order)
      this.#note(message)
    }
  }

  /** Says that the other side has it: durable some time later, since it would be acknowledged again. */
  async delivered(message: StoredMessage): Promise<void> {
    const { order } = message
    if (isMortal(message)) return this.put(message)
    this.settle(message)
    if (order === this.#last?.order) this.#last = message
  }

  /** A message waits no longer; its mark is taken away with what else is written late. */
  settle({ order }: Pick<StoredMessage, 'order'>): void {
    this.#waiting.delete(order)
    this.#settled.add(order)
    this.#init.records.putLate(this.#unmark)
  }

  /** Takes a message out for good; that it was here is remembered. */
  async remove(message: StoredMessage): Promise<void> {
    const { id, order } = message
    await this.#init.burns.destroy(id)
    const { records } = this.#init
    await records.putAll([
      [this.#path(order), undefined],
      [this.#waitingPath(order), undefined],
      ...(await this.#ids.entriesWithout(message)),
    ])
    await this.#ids.removed(id)
    // nor is it to be read in what the database has not taken over yet; one that fails now takes it over later
    records.flush().catch(() => undefined)
    this.#waiting.delete(order)
    this.#marks.remove(order)
    if (order !== this.#last?.order) return
    this.#last = (await this.page({ limit: 1 }))[0]
  }

  /** Destroys the key that only this message was sealed with. */
  forgetKey(id: string): Promise<void> {
    return this.#init.burns.destroy(id)
  }

  /** What came in and the user has not seen, in order. */
  async unreadMessages(): Promise<StoredMessage[]> {
    const messages: StoredMessage[] = []
    for (const order of this.#marks.unread) {
      const message = await this.#at(order)
      if (message !== undefined) messages.push(message)
    }
    return messages
  }

  markRead(): Promise<void> {
    return this.#marks.readTo(this.#last?.order ?? 0)
  }

  async *#walk(cut: {
    after?: string
    before?: string
    reverse?: boolean
  }): AsyncIterable<StoredMessage> {
    const range = { prefix: `message/${this.#init.fingerprint}/`, ...cut }
    for await (const record of this.#init.records.iterate<MessageRecord>(range)) {
      yield await this.#open(record)
    }
  }

  async #at(order: number): Promise<StoredMessage | undefined> {
    const record = await this.#init.records.get<MessageRecord>(this.#path(order))
    return record && this.#open(record)
  }

  #open(record: MessageRecord): Promise<StoredMessage> {
    const { burns, now } = this.#init
    return openMessage(record, { burns, nowMs: now(), isWaiting: this.#waiting.has(record.order) })
  }

  /** What has to be written, besides the message, so that it is known whether it waits. */
  #waitingEntry(message: StoredMessage): [string, unknown][] {
    const { order } = message
    const waits = isWaiting(message)
    if (waits === this.#waiting.has(order)) return []
    if (waits) {
      this.#waiting.add(order)
      this.#settled.delete(order)
    } else this.#waiting.delete(order)
    return [[this.#waitingPath(order), waits ? MARK : undefined]]
  }

  #note(message: StoredMessage): void {
    const { order, outgoing } = message
    if (!outgoing) this.#marks.note(order)
    if (this.#last === undefined || order >= this.#last.order) this.#last = message
    this.#lastOrder = Math.max(this.#lastOrder, order)
  }

  #path(order: number): string {
    return messagePath('message', this.#init.fingerprint, order)
  }

  #waitingPath(order: number): string {
    return messagePath('waiting', this.#init.fingerprint, order)
  }
}

function isWaiting({ outgoing, state, offered }: StoredMessage): boolean {
  return offered === true || (outgoing && isOnItsWay(state))
}
