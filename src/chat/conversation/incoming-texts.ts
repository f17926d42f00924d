import { readBurn } from '../burn/burn-terms.ts'
import { isText, type Content, type TextContent } from '../message/content.ts'
import { MalformedMessageError } from '../message/errors.ts'
import { toChatMessage, type History, type StoredMessage } from './history.ts'
import type { Burn, ChatMessage } from '../api.ts'
import type { Arrival, DurableHandler } from './receiver.ts'

export interface IncomingTextsInit {
  /** The other person. */
  readonly fingerprint: string
  readonly history: History
  readonly onMessage: (message: ChatMessage) => void
  readonly now: () => number
  /** A message as it is to be stored, with what was said of it before it came. */
  readonly arriving: (message: StoredMessage) => Promise<StoredMessage>
  readonly arrived: (message: StoredMessage) => Promise<void>
}

/** Texts of the other side: each is stored and shown once, however often and on however many channels it comes. */
export class IncomingTexts implements DurableHandler {
  readonly durable = true
  readonly #fingerprint: string
  readonly #history: History
  readonly #onMessage: (message: ChatMessage) => void
  readonly #now: () => number
  readonly #hooks: Pick<IncomingTextsInit, 'arriving' | 'arrived'>
  /** What is being stored, by id. */
  readonly #arriving = new Map<string, Promise<void>>()

  constructor(init: IncomingTextsInit) {
    this.#fingerprint = init.fingerprint
    this.#history = init.history
    this.#onMessage = init.onMessage
    this.#now = init.now
    this.#hooks = init
  }

  async receive(content: Content, arrival: Arrival): Promise<void> {
    if (!isText(content)) throw new MalformedMessageError('a text without a proper text')
    const { id } = content
    let storing = this.#arriving.get(id)
    if (storing === undefined) {
      storing = this.#storeOnce(content, arrival).finally(() => this.#arriving.delete(id))
      this.#arriving.set(id, storing)
    }
    await storing
  }

  async #storeOnce(content: TextContent, arrival: Arrival): Promise<void> {
    // its place is taken before anything is waited for: what comes after it must not get in front
    const order = arrival.order ?? this.#history.nextOrder()
    if (!(await this.#history.has(content.id))) await this.#store(content, order, arrival)
  }

  async #store(content: TextContent, order: number, arrival: Arrival): Promise<void> {
    const { id, text, burn, replyTo, disappears = 0 } = content
    const message = await this.#hooks.arriving({
      id,
      timestamp: arrival.writtenAt,
      text,
      conversation: this.#fingerprint,
      author: this.#fingerprint,
      outgoing: false,
      state: 'received',
      order,
      ...(burn !== undefined && this.#burning(readBurn(burn))),
      ...(replyTo !== undefined && { replyTo }),
      ...(disappears > 0 && burn === undefined && { disappearsAfter: disappears }),
    })
    await this.#history.arrive(message)
    arrival.stored()
    this.#onMessage(toChatMessage(message))
    await this.#hooks.arrived(message)
  }

  #burning(burn: Burn): Pick<StoredMessage, 'burn' | 'expiresAt'> {
    return { burn, expiresAt: this.#now() + burn.ttlSeconds * 1000 }
  }
}
