import { fromHex, toHex } from '../../crypto/bytes.ts'
import { InvalidContentError } from '../errors.ts'
import { decodeAddresses } from '../direct/addresses.ts'
import {
  decodeContent,
  encodeContent,
  isProfile,
  isText,
  type Content,
  type ProfileContent,
  type TextContent,
} from '../message/content.ts'
import { MAX_MESSAGE_AGE_MS, MAX_MESSAGE_LEAD_MS, MAX_TEXT_BYTES } from '../message/constants.ts'
import { openEnvelope, signEnvelope, type Route } from '../message/envelope.ts'
import { MalformedMessageError } from '../message/errors.ts'
import { createMessageId, MESSAGE_ID_BYTES } from '../message/message-id.ts'
import { MAX_ARRIVING_MESSAGES, MAX_OUTBOX_MESSAGES } from './constants.ts'
import { Continuity } from './continuity.ts'
import { toChatMessage, type History, type StoredMessage } from './history.ts'
import { InboundGuard } from './inbound-guard.ts'
import { Mutex } from './mutex.ts'
import { isSameNote, noteMessage } from './notes.ts'
import { Offers } from './offers.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { ChatMessage, ChatNote } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Identity } from '../identity/identity.ts'
import type { ChannelCounter } from './channel-counter.ts'
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
  readonly #outbox = new Map<string, StoredMessage>()
  readonly #offers: Offers
  readonly #continuity: Continuity
  readonly #outbound = new WeakMap<OpenedChannel, Outbound>()
  /** Incoming messages that are being stored, by id. */
  readonly #arriving = new Map<string, Promise<void>>()
  readonly #storing = new Mutex()
  readonly #sending = new Mutex()
  #link: PeerLink | undefined

  constructor(init: ConversationInit) {
    this.#init = init
    this.#offers = new Offers(init.history)
    this.#continuity = new Continuity(init.counter, (note) => this.note(note))
  }

  /** Messages that wait for their acknowledgement. */
  get pending(): number {
    return this.#outbox.size + this.#offers.size
  }

  /** Every message in order, those under way with the state they are in right now. */
  async all(): Promise<StoredMessage[]> {
    const messages = await this.#init.history.all()
    return messages.map((message) => this.#outbox.get(message.id) ?? message)
  }

  async load(link: PeerLink): Promise<void> {
    this.#link = link
    await this.#init.counter.load()
    for (const message of await this.#init.history.load()) {
      if (message.offered === true) this.#offers.resume(message)
      else this.#outbox.set(message.id, { ...message, state: 'queued' })
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
    const message = await this.#store(text)
    this.#init.onMessage(toChatMessage(message))
    this.flush()
    return toChatMessage(message)
  }

  /** Tries a failed message again; to the other side it is the same message. */
  async retry(id: string): Promise<void> {
    const message = await this.#init.history.get(id)
    if (message?.state !== 'failed') return
    const queued: StoredMessage = { ...withoutReason(message), state: 'queued' }
    this.#outbox.set(id, queued)
    await this.#update(queued)
    this.flush()
  }

  /** Why what waits is waiting, for the user to see. */
  setReason(reason: string | undefined): void {
    for (const message of this.#outbox.values()) {
      if (message.reason === reason && message.state === 'queued') continue
      const queued: StoredMessage = {
        ...withoutReason(message),
        state: 'queued',
        ...(reason === undefined ? {} : { reason }),
      }
      this.#outbox.set(message.id, queued)
      this.#init.onMessageChange(toChatMessage(queued))
    }
  }

  /** What waits has failed, and goes out only if the user tries it again. */
  async giveUp(reason: string): Promise<void> {
    for (const message of [...this.#outbox.values()]) {
      await this.#settle({ ...message, state: 'failed', reason })
    }
  }

  /** Says something in the conversation that nobody wrote. */
  note(note: ChatNote): Promise<void> {
    return this.#storing.run(() => this.#note(note))
  }

  /** Sends what waits on the best channel, or asks for one. */
  flush(): void {
    if (this.pending === 0) return
    const opened = this.#link?.best
    if (opened === undefined) this.#link?.poke()
    else this.#sending.run(() => this.#sendAll(opened)).catch(() => undefined)
  }

  /** Runs a channel for as long as it lasts. */
  async run(opened: OpenedChannel): Promise<void> {
    const { channel } = opened
    this.#outbound.set(opened, { sent: new Set(), nextSequence: 0 })
    const guard = new InboundGuard(channel.session.clockSkewMs)
    const running = channel.run({
      onMessage: (envelope) => this.#receive(envelope, guard, opened),
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
    this.#sending.run(() => this.#sendProfile(opened)).catch(() => undefined)
  }

  async #sendProfile(opened: OpenedChannel): Promise<void> {
    const name = this.#init.ownName()
    const profile: ProfileContent = {
      ...(await this.#continuity.told(opened)),
      ...this.#header(),
      type: 'profile',
      ...(name === undefined ? {} : { name }),
    }
    await this.#sendContent(opened, profile)
  }

  async #store(text: string): Promise<StoredMessage> {
    const { history, identity, fingerprint } = this.#init
    const message: StoredMessage = {
      ...this.#header(),
      text,
      conversation: fingerprint,
      author: identity.fingerprint,
      outgoing: true,
      state: 'queued',
      order: history.nextOrder(),
    }
    await history.put(message)
    this.#outbox.set(message.id, message)
    return message
  }

  async #sendAll(opened: OpenedChannel): Promise<void> {
    const outbound = this.#outbound.get(opened)
    if (outbound === undefined) return
    for (const message of [...this.#offers.all(), ...this.#outbox.values()]) {
      const { id, timestamp, text } = message
      if (outbound.sent.has(id)) continue
      const ageMs = this.#init.now() - timestamp
      // the other side would refuse it and hang up; a clock that was set back makes a message from the future
      if (ageMs > MAX_MESSAGE_AGE_MS || ageMs < -MAX_MESSAGE_LEAD_MS) {
        if (message.offered === true) await this.#offers.settle(id)
        else await this.#settle({ ...message, state: 'failed', reason: 'expired' })
        continue
      }
      outbound.sent.add(id)
      const content: TextContent = { type: 'text', id, timestamp, text }
      await this.#sendContent(opened, content, () => {
        this.#sent(id)
      })
    }
  }

  /** Signs, and queues for the wire in order; `onWritten` when the frames are out. */
  async #sendContent(
    opened: OpenedChannel,
    content: Content,
    onWritten?: () => void,
  ): Promise<void> {
    const outbound = this.#outbound.get(opened)
    if (outbound === undefined) return
    const { crypto, identity } = this.#init
    const envelope = await signEnvelope(
      crypto,
      identity.signing.privateKey,
      this.#route(opened, 'outgoing'),
      outbound.nextSequence++,
      encodeContent(content),
    )
    const written = opened.channel.sendMessage(envelope).then(onWritten)
    if (opened.channel.isCongested) await written
    else written.catch(() => undefined)
  }

  async #receive(envelope: Uint8Array, guard: InboundGuard, opened: OpenedChannel): Promise<void> {
    const { crypto, now } = this.#init
    const { verifyingKey } = opened.remote
    const route = this.#route(opened, 'incoming')
    const { sequence, content: bytes } = await openEnvelope(crypto, verifyingKey, route, envelope)
    const content = decodeContent(bytes)
    guard.check(content, sequence, now())
    if (isProfile(content)) {
      await this.#receiveProfile(content, opened)
    } else if (isText(content)) {
      // the next frame is opened while this one is being stored; the acknowledgement waits
      const stored = this.#receiveText(content, opened).catch((err: unknown) => {
        opened.channel.abort(err instanceof Error ? err : new Error(String(err)))
      })
      if (this.#arriving.size >= MAX_ARRIVING_MESSAGES) await stored
    } else if (content.type === 'text')
      throw new MalformedMessageError('a text without a proper text')
    // other types are from a newer version: not shown, not acknowledged, no reason to hang up
  }

  /** Stores, shows and acknowledges a text; one that is here already, or on its way in, is acknowledged again. */
  async #receiveText(content: TextContent, opened: OpenedChannel): Promise<void> {
    const { history } = this.#init
    const { id } = content
    let storing = this.#arriving.get(id)
    if (storing === undefined && !history.has(id)) {
      storing = this.#storeIncoming(content).finally(() => this.#arriving.delete(id))
      this.#arriving.set(id, storing)
    }
    await storing
    opened.channel.acknowledge(fromHex(id))
  }

  async #storeIncoming({ id, timestamp, text }: TextContent): Promise<void> {
    const { history, fingerprint } = this.#init
    const message: StoredMessage = {
      id,
      timestamp,
      text,
      conversation: fingerprint,
      author: fingerprint,
      outgoing: false,
      state: 'received',
      order: history.nextOrder(),
    }
    await history.put(message)
    this.#init.onMessage(toChatMessage(message))
  }

  async #receiveProfile(profile: ProfileContent, opened: OpenedChannel): Promise<void> {
    if (profile.name !== undefined) this.#init.onName(profile.name)
    const { isNew, isBehind } = await this.#continuity.heard(profile, opened)
    if (isBehind) {
      await this.#offers.renew(this.#init.now(), this.#outbound.get(opened)?.sent ?? new Set())
      this.flush()
    }
    if (isNew) this.tellProfile(opened)
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
      await this.#offers.settle(id)
      const message = this.#outbox.get(id)
      if (message !== undefined) this.#delivered(message)
    }
  }

  /** Shown at once: should the note of it be lost, the message goes out again and is acknowledged again. */
  #delivered(message: StoredMessage): void {
    const delivered: StoredMessage = { ...withoutReason(message), state: 'delivered' }
    this.#outbox.delete(message.id)
    this.#init.onMessageChange(toChatMessage(delivered))
    this.#init.history.put(delivered).catch(() => undefined)
  }

  #sent(id: string): void {
    const message = this.#outbox.get(id)
    if (message?.state !== 'queued') return
    const sent: StoredMessage = { ...withoutReason(message), state: 'sent' }
    this.#outbox.set(id, sent)
    this.#init.onMessageChange(toChatMessage(sent))
  }

  async #settle(message: StoredMessage): Promise<void> {
    this.#outbox.delete(message.id)
    await this.#update(message)
  }

  async #update(message: StoredMessage): Promise<void> {
    await this.#init.history.put(message)
    this.#init.onMessageChange(toChatMessage(message))
  }

  #header(): { id: string; timestamp: number } {
    const timestamp = this.#init.now()
    const { crypto } = this.#init
    return { timestamp, id: createMessageId(timestamp, (length) => crypto.randomBytes(length)) }
  }

  #route(opened: OpenedChannel, direction: 'incoming' | 'outgoing'): Route {
    const { fingerprint: other, identity } = this.#init
    const [sender, recipient] =
      direction === 'outgoing' ? [identity.fingerprint, other] : [other, identity.fingerprint]
    return { sender, recipient, session: opened.channel.session.id }
  }
}

/** What went out on one channel. */
interface Outbound {
  readonly sent: Set<string>
  nextSequence: number
}

function withoutReason(message: StoredMessage): StoredMessage {
  const rest: { reason?: string } & StoredMessage = { ...message }
  delete rest.reason
  return rest
}
