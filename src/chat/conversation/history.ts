import type { ChatMessage } from '../api.ts'
import type { RecordStore } from '../store/record-store.ts'

/** A message as it is kept. */
export interface StoredMessage extends ChatMessage {
  /** Place in the conversation as this side saw it happen. */
  readonly order: number
  /** Delivered once, and forgotten by the other side: to be sent again until it is acknowledged again. */
  readonly offered?: true
}

interface ConversationRecord {
  /** Incoming messages up to this place were seen by the user. */
  readonly readOrder: number
}

/** The messages of one conversation at rest: `message/<fingerprint>/<id>`. */
export class History {
  readonly #records: RecordStore
  readonly #fingerprint: string
  #lastOrder = 0
  #readOrder = 0
  #unread = 0
  #last: StoredMessage | undefined
  readonly #ids = new Set<string>()

  constructor(records: RecordStore, fingerprint: string) {
    this.#records = records
    this.#fingerprint = fingerprint
  }

  get unread(): number {
    return this.#unread
  }

  get last(): StoredMessage | undefined {
    return this.#last
  }

  /** Reads what is kept; returns the messages that still wait for an acknowledgement, in order. */
  async load(): Promise<StoredMessage[]> {
    const meta = await this.#records.get<ConversationRecord>(this.#metaPath())
    this.#readOrder = meta?.readOrder ?? 0
    const messages = await this.all()
    for (const message of messages) this.#note(message)
    return messages.filter(
      ({ state, offered }) => state === 'queued' || state === 'sent' || offered === true,
    )
  }

  async all(): Promise<StoredMessage[]> {
    const messages: StoredMessage[] = []
    const prefix = `message/${this.#fingerprint}/`
    for await (const message of this.#records.iterate<StoredMessage>({ prefix })) messages.push(message)
    return messages.sort((a, b) => a.order - b.order)
  }

  nextOrder(): number {
    return ++this.#lastOrder
  }

  /** Whether a message is stored. */
  has(id: string): boolean {
    return this.#ids.has(id)
  }

  get(id: string): Promise<StoredMessage | undefined> {
    return this.#records.get<StoredMessage>(this.#path(id))
  }

  /** Durable when it resolves. */
  async put(message: StoredMessage): Promise<void> {
    await this.#records.put(this.#path(message.id), message)
    this.#note(message)
  }

  /** Marks what was delivered and forgotten as to be sent again. Durable, all or nothing, when it resolves. */
  async offer(messages: readonly StoredMessage[]): Promise<void> {
    await this.#records.putAll(messages.map((message) => [this.#path(message.id), message]))
  }

  async markRead(): Promise<void> {
    if (this.#unread === 0) return
    this.#unread = 0
    this.#readOrder = this.#lastOrder
    await this.#records.put(this.#metaPath(), { readOrder: this.#readOrder })
  }

  #note(message: StoredMessage): void {
    this.#ids.add(message.id)
    const isNew = this.#last === undefined || message.order > this.#last.order
    // what came in is written once, though not always in order
    if (!message.outgoing && message.order > this.#readOrder) this.#unread++
    if (isNew || message.order === this.#last?.order) this.#last = message
    this.#lastOrder = Math.max(this.#lastOrder, message.order)
  }

  #path(id: string): string {
    return `message/${this.#fingerprint}/${id}`
  }

  #metaPath(): string {
    return `conversation/${this.#fingerprint}`
  }
}

/** A stored message as its readers see it. */
export function toChatMessage(message: StoredMessage): ChatMessage {
  const { id, conversation, author, outgoing, text, timestamp, state, reason, note } = message
  const plain = { id, conversation, author, outgoing, text, timestamp, state }
  return {
    ...plain,
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
  }
}
