import { toHex } from '../../crypto/bytes.ts'
import { InvalidContentError } from '../errors.ts'
import { decodeAddresses } from '../direct/addresses.ts'
import { CARD_TYPE } from '../letters/card.ts'
import { MAX_MESSAGE_AGE_MS, MAX_TEXT_BYTES } from '../message/constants.ts'
import { burnedContent } from '../message/burned-content.ts'
import { createMessageId, MESSAGE_ID_BYTES } from '../message/message-id.ts'
import { MAX_OUTBOX_MESSAGES } from './constants.ts'
import { toChatMessage, type History, type StoredMessage } from './history.ts'
import { burnOf, type BurnTerms } from '../burn/burn-terms.ts'
import { Burner } from './burner.ts'
import { Cover } from './cover.ts'
import { SideContents } from './contents/side-contents.ts'
import { IncomingTexts } from './incoming-texts.ts'
import { MessageNumbers } from './message-numbers.ts'
import { Mutex } from './mutex.ts'
import { isSameNote, noteMessage } from './notes.ts'
import { Offers } from './offers.ts'
import { Outbox } from './outbox.ts'
import { ProfileExchange } from './profile-exchange.ts'
import { Receiver, type ContentGate, type ContentHandler, type PassingHandler } from './receiver.ts'
import { Resending } from './resending.ts'
import { Sender } from './sender.ts'
import { Vouching } from '../trust/vouching.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { ChatMessage, ChatNote } from '../api.ts'
import type { Content } from '../message/content.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { BurnTimers } from '../burn/burn-timers.ts'
import type { Identity } from '../identity/identity.ts'
import type { ChannelCounter } from './channel-counter.ts'
import type { Deliverable, DeliverySource } from './deliverable.ts'
import type { PeerLink } from './peer-link.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { VouchContent } from '../trust/vouch-content.ts'
import type { Multiaddr } from '@multiformats/multiaddr'

export interface ConversationInit {
  readonly crypto: CryptoPort
  readonly identity: Identity
  /** The other person. */
  readonly fingerprint: string
  readonly history: History
  readonly counter: ChannelCounter
  readonly burnTimers: BurnTimers
  readonly records: RecordStore
  readonly now: () => number
  /** Milliseconds that only pass, whoever sets the clock. @default performance.now */
  readonly elapsed?: () => number
  /** Messages of the other side turned out to be missing, or not to be any more. */
  readonly onMissing: () => void
  /** How we call ourselves, told to the other side when a channel comes up. */
  readonly ownName: () => string | undefined
  /** What the other side says about a third person; resolves with whom, if that is news. */
  readonly takeVouch: (content: VouchContent) => Promise<string | undefined>
  readonly onMessage: (message: ChatMessage) => void
  readonly onMessageChange: (message: ChatMessage) => void
  /** A message is not here any more. */
  readonly onMessageGone: (id: string) => void
  /** Settings, the draft or who is typing changed. */
  readonly onSideChange: () => void
  /** What is taken of the other side; they hear of us what it lets in of them. */
  readonly gate: ContentGate
  /** What each of a channel's frames waits for before it is opened. */
  readonly pace: () => () => Promise<void>
  readonly onName: (name: string) => void
  readonly onAddresses: (addresses: Multiaddr[], opened: OpenedChannel) => void
  readonly onRefusal: (error: Error, opened: OpenedChannel) => void
  /** What letters need: told that something waits, and the cards that both sides give each other. */
  readonly letters?: LetterHooks
}

export interface LetterHooks {
  readonly onWaiting: () => void
  readonly card: () => Promise<Content>
  readonly cardHandler: PassingHandler
}

/** What a message is sent with. */
export interface SendTerms {
  readonly burn?: BurnTerms
  readonly replyTo?: string
}

/**
 * One private conversation: what waits to be sent, and what comes in. A message is stored before it is sent, and
 * acknowledged after the other side has stored it; it stays in the outbox until then, whatever happens to channels.
 */
export class ConversationFlow {
  /** What passes between the two besides messages. */
  readonly side: SideContents
  readonly #vouching: Vouching
  readonly #init: ConversationInit
  readonly #numbers: MessageNumbers
  readonly #outbox: Outbox
  readonly #resending: Resending
  readonly #cover: Cover
  readonly #burner: Burner
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
    this.#burner = new Burner({
      history,
      timers: init.burnTimers,
      forget: (id) => {
        this.#outbox.forget(id)
        this.#offers.forget(id)
      },
      onChange: init.onMessageChange,
      tell: async (ids) => {
        await this.side.notices.add(burnedContent(this.#header(), ids))
        this.flush()
      },
    })
    const clock = { now, elapsed: init.elapsed ?? (() => performance.now()) }
    this.#numbers = new MessageNumbers({
      records: init.records,
      fingerprint,
      nextOrder: () => history.nextOrder(),
      isTaken: (order) => history.isTaken(order),
      onMissing: () => {
        this.#resending.askSoon()
      },
    })
    this.#outbox = new Outbox({
      history,
      numbers: this.#numbers,
      clock,
      onChange: (message) => {
        this.#burner.watch(message)
        init.onMessageChange(message)
        // a store that fails now has its time begin at the next start
        if (message.state === 'delivered') this.side.delivered(message).catch(() => undefined)
      },
    })
    this.#offers = new Offers(history)
    this.side = new SideContents({
      self: identity.fingerprint,
      fingerprint,
      records: init.records,
      history,
      holders: [this.#outbox, this.#offers],
      now,
      header: () => this.#header(),
      note: (note) => this.note(note),
      flush: () => {
        this.flush()
      },
      tellTyping: (typing) => {
        const opened = this.#link?.best
        if (opened === undefined || !init.gate.isOpen) return
        this.#sender.tell(opened, () =>
          Promise.resolve({ type: 'typing', ...this.#header(), typing }),
        )
      },
      onDelivered: (id) => this.#outbox.acknowledged(id),
      onMessageChange: init.onMessageChange,
      onGone: init.onMessageGone,
      onChange: () => {
        this.#cover.changed()
        init.onSideChange()
      },
    })
    this.#cover = new Cover({
      isWanted: () => init.gate.isOpen && this.side.settings.cover,
      isTrusted: () => init.gate.isOpen,
      tell: (opened, content) => {
        this.#sender.tell(opened, () => Promise.resolve({ ...this.#header(), ...content }))
      },
      onChange: init.onSideChange,
    })
    this.#vouching = new Vouching({
      deliver: (content, key) => this.side.notices.add(content, key),
      header: () => this.#header(),
      note: (note) => this.note(note),
      take: init.takeVouch,
    })
    this.#resending = new Resending({
      clock,
      numbers: this.#numbers,
      best: () => this.#link?.best,
      tell: (opened, content) => {
        this.#sender.tell(opened, () => Promise.resolve({ ...this.#header(), ...content }))
      },
      offer: (wanted) => this.#offerNumbers(wanted),
      onChange: init.onMissing,
    })
    this.#sources = [this.#offers, this.#outbox, this.side.notices]
    this.#sender = new Sender({
      crypto,
      identity,
      fingerprint,
      clock,
      sources: this.#sources,
      mayDeflate: () => init.gate.isOpen && this.side.settings.compression,
    })
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
    const texts = new IncomingTexts({
      fingerprint,
      history,
      now,
      onMessage: (message) => {
        this.#burner.watch(message)
        init.onMessage(message)
      },
      arriving: (message) => this.side.arriving(message),
      arrived: (message) => this.side.arrived(message),
    })
    const handlers = new Map<string, ContentHandler>([
      ['text', texts],
      ['burned', this.#burner],
      ['profile', this.#profiles],
      ['vouch', this.#vouching],
      ['resend', this.#resending.asked],
      ['withdrawn', this.#resending.answered],
      ['cover', this.#cover.handler],
      ...this.side.handlers,
    ])
    if (init.letters !== undefined) handlers.set(CARD_TYPE, init.letters.cardHandler)
    this.#receiver = new Receiver({
      crypto,
      self: identity.fingerprint,
      fingerprint,
      clock,
      numbers: this.#numbers,
      handlers,
      gate: init.gate,
      isKnown: (id) => history.has(id),
    })
  }

  /** Messages that wait for their acknowledgement. */
  get pending(): number {
    return this.#sources.reduce((sum, { size }) => sum + size, 0)
  }

  /** Messages of the other side that have not come, though later ones have. */
  get missing(): number {
    return this.#numbers.missing
  }

  /** Frames leave at a constant rate: our user wants it, or the other side does. */
  get isCovered(): boolean {
    return this.#cover.isActive
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
    await this.#numbers.load()
    await this.side.load()
  }

  /** The user has seen what is here. */
  async markRead(): Promise<void> {
    const { history } = this.#init
    const seen = await history.unreadMessages()
    // what burns is read when its text is asked for, and says so by burning
    const lasting = seen.filter(({ burn }) => burn === undefined)
    if (this.#init.gate.isOpen) await this.side.read(lasting)
    await history.markRead()
  }

  /** What the user saw before the other side was to know of it. */
  async readBefore(): Promise<void> {
    const { history } = this.#init
    const unread = new Set((await history.unreadMessages()).map(({ id }) => id))
    const seen = (await history.all()).filter(({ id }) => !unread.has(id))
    await this.side.read(seen)
  }

  /** Changes what a message of ours says. @throws EditRefusedError | InvalidContentError */
  edit(id: string, text: string): Promise<ChatMessage> {
    requireText(text)
    return this.side.edit(id, text)
  }

  /** What a message that burns says; counts as reading it. @throws NothingToRevealError */
  reveal(id: string): Promise<string> {
    return this.#burner.reveal(id)
  }

  /** Takes up the messages that burn, before anything is shown. */
  loadBurning(ids: readonly string[]): Promise<void> {
    return this.#burner.load(ids)
  }

  /** Stores a text and sets it on its way. @throws InvalidContentError | InvalidBurnError */
  async send(text: string, options: SendTerms = {}): Promise<ChatMessage> {
    requireText(text)
    if (this.#outbox.size >= MAX_OUTBOX_MESSAGES) {
      throw new InvalidContentError('too many messages wait for this person')
    }
    const composed = await this.side.compose(this.#compose(text, options))
    const message = await this.#outbox.add(composed)
    this.#init.onMessage(toChatMessage(message))
    this.flush()
    await this.side.sent()
    return toChatMessage(message)
  }

  /** Tells the other side our signed word for somebody. */
  async vouch(about: string, vouch: string): Promise<void> {
    await this.#vouching.tell(about, vouch)
    this.flush()
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
    this.#init.letters?.onWaiting()
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
      onAcknowledged: (ids) => this.#acknowledged(ids, opened),
      onPart: (data) => this.#receiver.part(data, opened),
      onWanted: (data) => {
        this.#sender.wanted(opened, data)
        return Promise.resolve()
      },
      onAddresses: (data) => {
        this.#init.onAddresses(decodeAddresses(data), opened)
        return Promise.resolve()
      },
      ...(!this.#init.gate.isOpen && { pace: this.#init.pace() }),
    })
    if (this.#init.gate.isOpen) this.tellProfile(opened)
    this.#cover.begin(opened)
    this.flush()
    this.tellCard(opened)
    if (this.missing > 0 && this.#init.gate.isOpen) this.#resending.askSoon()
    await running
    const error = await channel.closed
    if (error !== undefined) this.#init.onRefusal(error, opened)
  }

  /**
   * Takes a content that something else than a channel brought, and checked; resolves with whether it is stored and may
   * be acknowledged.
   */
  store(content: Content, ageMs: number): Promise<boolean> {
    return this.#receiver.store(content, ageMs)
  }

  /** What waits for the other side and may still be said. */
  waiting(): Deliverable[] {
    const all = this.#sources.flatMap((source) => [...source.waiting()])
    return all.filter(
      ({ content, ageMs }) => (ageMs ?? this.#init.now() - content.timestamp) <= MAX_MESSAGE_AGE_MS,
    )
  }

  /** A message of ours lies in so many mailboxes. */
  storedAt(id: string, mailboxes: number): void {
    this.#outbox.stored(id, mailboxes)
  }

  /** The other side said, on whatever way, that it has stored these; 16 bytes each. */
  acknowledged(ids: Uint8Array): Promise<void> {
    return this.#acknowledged(ids)
  }

  /** Tells the other side how to write to us while we are away. */
  tellCard(opened: OpenedChannel): void {
    const { letters, gate } = this.#init
    if (letters !== undefined && gate.isOpen) this.#sender.tell(opened, letters.card)
  }

  /** Nothing is asked for any more. */
  stop(): void {
    this.#resending.stop()
    this.side.stop()
  }

  /** Tells the other side how we call ourselves, and what we remember of channels. */
  tellProfile(opened: OpenedChannel): void {
    this.#sender.tell(opened, () => this.#profiles.told(opened, this.#header()))
  }

  #compose(text: string, { burn, replyTo }: SendTerms): StoredMessage {
    const { history, identity, fingerprint } = this.#init
    return {
      ...this.#header(),
      text,
      conversation: fingerprint,
      author: identity.fingerprint,
      outgoing: true,
      state: 'queued',
      order: history.nextOrder(),
      ...(burn && { burn: burnOf(burn) }),
      ...(replyTo !== undefined && { replyTo }),
    }
  }

  async #offerAgain(opened: OpenedChannel): Promise<void> {
    await this.#offers.renew(this.#init.now(), this.#sender.sentOn(opened))
    this.flush()
  }

  /** What was delivered under these numbers goes out again; what waits does so anyway. */
  async #offerNumbers(wanted: ReadonlySet<number>): Promise<Iterable<number>> {
    const waiting = new Set(this.#outbox.numbers())
    const settled = new Set([...wanted].filter((number) => !waiting.has(number)))
    const gone = await this.#offers.renewNumbers(this.#init.now(), settled)
    this.flush()
    return gone
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

  async #acknowledged(ids: Uint8Array, opened?: OpenedChannel): Promise<void> {
    for (let offset = 0; offset < ids.byteLength; offset += MESSAGE_ID_BYTES) {
      const id = toHex(ids.subarray(offset, offset + MESSAGE_ID_BYTES))
      if (opened !== undefined) this.#sender.acknowledged(opened, id)
      for (const source of this.#sources) await source.acknowledged(id)
    }
  }

  #header(): { id: string; timestamp: number } {
    const timestamp = this.#init.now()
    const { crypto } = this.#init
    return { timestamp, id: createMessageId(timestamp, (length) => crypto.randomBytes(length)) }
  }
}

/** @throws InvalidContentError */
function requireText(text: string): void {
  const bytes = new TextEncoder().encode(text).byteLength
  if (bytes === 0) throw new InvalidContentError('a message needs some text')
  if (bytes > MAX_TEXT_BYTES) throw new InvalidContentError('a text has at most 64 KiB')
}
