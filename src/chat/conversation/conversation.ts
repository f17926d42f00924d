import { toHex } from '../../crypto/bytes.ts'
import { InvalidContentError } from '../errors.ts'
import { decodeAddresses } from '../direct/addresses.ts'
import { MAX_TEXT_BYTES } from '../message/constants.ts'
import { createMessageId, MESSAGE_ID_BYTES } from '../message/message-id.ts'
import { MAX_OUTBOX_MESSAGES } from './constants.ts'
import { toChatMessage, type History, type StoredMessage } from './history.ts'
import { IncomingTexts } from './incoming-texts.ts'
import { Mutex } from './mutex.ts'
import { isSameNote, noteMessage } from './notes.ts'
import { Offers } from './offers.ts'
import { Outbox } from './outbox.ts'
import { ProfileExchange } from './profile-exchange.ts'
import { Receiver, type ContentHandler } from './receiver.ts'
import { Sender } from './sender.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { ChatMessage, ChatNote } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Identity } from '../identity/identity.ts'
import type { ChannelCounter } from './channel-counter.ts'
import type { DeliverySource } from './deliverable.ts'
import type { PeerLink } from './peer-link.ts'
import type { Multiaddr } from '@multiformats/multiaddr'

export interface ConversationInit {
  readonly crypto: CryptoPort
  readonly identity: Identity
  /** The other person. */
  readonly fingerprint: string
  readonly history: History
  readonly counter: ChannelCounter
  readonly now: () => number
  /** How we call ourselves, told to the other side when a channel comes up. */
  readonly ownName: () => string | undefined
  readonly onMessage: (message: ChatMessage) => void
  readonly onMessageChange: (message: ChatMessage) => void
  readonly onName: (name: string) => void
  readonly onAddresses: (addresses: Multiaddr[], opened: OpenedChannel) => void
  readonly onRefusal: (error: Error, opened: OpenedChannel) => void
}

/**
 * One private conversation: what waits to be sent, and what comes in. A message is stored before it is sent, and
 * acknowledged after the other side has stored it; it stays in the outbox until then, whatever happens to channels.
 */
export class ConversationFlow {
  readonly #init: ConversationInit
  readonly #outbox: Outbox
  readonly #offers: Offers
  readonly #sources: readonly DeliverySource[]
  readonly #profiles: ProfileExchange
  readonly #sender: Sender
  readonly #receiver: Receiver
  readonly #noting = new Mutex()
  #link: PeerLink | undefined

  constructor(init: ConversationInit) {
    const { crypto, identity, fingerprint, history, counter, now } = init
    this.#init = init
    this.#outbox = new Outbox(history, init.onMessageChange)
    this.#offers = new Offers(history)
    this.#sources = [this.#offers, this.#outbox]
    this.#sender = new Sender({ crypto, identity, fingerprint, now, sources: this.#sources })
    this.#profiles = new ProfileExchange({
      counter,
      ownName: init.ownName,
      onName: init.onName,
      note: (note) => this.note(note),
      onBehind: (opened) => this.#offerAgain(opened),
      tell: (opened) => {
        this.tellProfile(opened)
      },
    })
    const texts = new IncomingTexts(fingerprint, history, init.onMessage)
    const handlers = new Map<string, ContentHandler>([
      ['text', texts],
      ['profile', this.#profiles],
    ])
    this.#receiver = new Receiver({
      crypto,
      self: identity.fingerprint,
      fingerprint,
      now,
      handlers,
    })
  }

  /** Messages that wait for their acknowledgement. */
  get pending(): number {
    return this.#sources.reduce((sum, { size }) => sum + size, 0)
  }

  /** Every message in order, those under way with the state they are in right now. */
  async all(): Promise<StoredMessage[]> {
    const messages = await this.#init.history.all()
    return messages.map((message) => this.#outbox.get(message.id) ?? message)
  }

  async load(link: PeerLink): Promise<void> {
    this.#link = link
    await this.#profiles.load()
    for (const message of await this.#init.history.load()) {
      if (message.offered === true) this.#offers.resume(message)
      else this.#outbox.resume(message)
    }
  }

  /** Stores a text and sets it on its way. @throws InvalidContentError */
  async send(text: string): Promise<ChatMessage> {
    const bytes = new TextEncoder().encode(text).byteLength
    if (bytes === 0) throw new InvalidContentError('a message needs some text')
    if (bytes > MAX_TEXT_BYTES) throw new InvalidContentError('a text has at most 64 KiB')
    if (this.#outbox.size >= MAX_OUTBOX_MESSAGES) {
      throw new InvalidContentError('too many messages wait for this person')
    }
    const message = this.#compose(text)
    await this.#outbox.add(message)
    this.#init.onMessage(toChatMessage(message))
    this.flush()
    return toChatMessage(message)
  }

  /** Tries a failed message again. */
  async retry(id: string): Promise<void> {
    if (await this.#outbox.retry(id)) this.flush()
  }

  /** Why what waits is waiting, for the user to see. */
  setReason(reason: string | undefined): void {
    this.#outbox.setReason(reason)
  }

  /** What waits has failed, and goes out only if the user tries it again. */
  giveUp(reason: string): Promise<void> {
    return this.#outbox.giveUp(reason)
  }

  /** Says something in the conversation that nobody wrote. */
  note(note: ChatNote): Promise<void> {
    return this.#noting.run(() => this.#note(note))
  }

  /** Sends what waits on the best channel, or asks for one. */
  flush(): void {
    if (this.pending === 0) return
    const opened = this.#link?.best
    if (opened === undefined) this.#link?.poke()
    else this.#sender.flush(opened)
  }

  /** Runs a channel for as long as it lasts. */
  async run(opened: OpenedChannel): Promise<void> {
    const { channel } = opened
    this.#sender.begin(opened)
    const running = channel.run({
      onMessage: this.#receiver.begin(opened),
      onAcknowledged: (ids) => this.#acknowledged(ids),
      onAddresses: (data) => {
        this.#init.onAddresses(decodeAddresses(data), opened)
        return Promise.resolve()
      },
    })
    this.tellProfile(opened)
    this.flush()
    await running
    const error = await channel.closed
    if (error !== undefined) this.#init.onRefusal(error, opened)
  }

  /** Tells the other side how we call ourselves, and what we remember of channels. */
  tellProfile(opened: OpenedChannel): void {
    this.#sender.tell(opened, () => this.#profiles.told(opened, this.#header()))
  }

  #compose(text: string): StoredMessage {
    const { history, identity, fingerprint } = this.#init
    return {
      ...this.#header(),
      text,
      conversation: fingerprint,
      author: identity.fingerprint,
      outgoing: true,
      state: 'queued',
      order: history.nextOrder(),
    }
  }

  async #offerAgain(opened: OpenedChannel): Promise<void> {
    await this.#offers.renew(this.#init.now(), this.#sender.sentOn(opened))
    this.flush()
  }

  async #note(note: ChatNote): Promise<void> {
    const { history, fingerprint } = this.#init
    if (isSameNote(history.last, note)) return
    const message = noteMessage(fingerprint, note, {
      ...this.#header(),
      order: history.nextOrder(),
    })
    await history.put(message)
    this.#init.onMessage(toChatMessage(message))
  }

  async #acknowledged(ids: Uint8Array): Promise<void> {
    for (let offset = 0; offset < ids.byteLength; offset += MESSAGE_ID_BYTES) {
      const id = toHex(ids.subarray(offset, offset + MESSAGE_ID_BYTES))
      for (const source of this.#sources) await source.acknowledged(id)
    }
  }

  #header(): { id: string; timestamp: number } {
    const timestamp = this.#init.now()
    const { crypto } = this.#init
    return { timestamp, id: createMessageId(timestamp, (length) => crypto.randomBytes(length)) }
  }
}
