import { CARD_TYPE } from '../letters/card.ts'
import { burnedContent } from '../message/burned-content.ts'
import { Vouching } from '../trust/vouching.ts'
import { Burner } from './burner.ts'
import { SideContents } from './contents/side-contents.ts'
import { contentHeader, type ContentHeader } from './composing.ts'
import { Cover } from './cover.ts'
import { Deliveries } from './deliveries.ts'
import { IncomingTexts } from './incoming-texts.ts'
import { MessageNumbers } from './message-numbers.ts'
import { Notes } from './notes.ts'
import { Offers } from './offers.ts'
import { Outbox } from './outbox.ts'
import { ProfileExchange } from './profile-exchange.ts'
import { Receiver, type ContentHandler } from './receiver.ts'
import { Resending } from './resending.ts'
import { Sender } from './sender.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Content } from '../message/content.ts'
import type { Clock } from './clock.ts'
import type { ConversationInit } from './conversation-init.ts'

/** What the parts of a conversation ask of the whole. */
export interface ConversationHost {
  /** The channel that says things best, if one is up. */
  readonly best: () => OpenedChannel | undefined
  /** Sends what waits. */
  readonly flush: () => void
  /** Tells the other side how we call ourselves. */
  readonly tellProfile: (opened: OpenedChannel) => void
  /** The same, and whether we are there. */
  readonly introduce: (opened: OpenedChannel) => void
}

/** What one conversation is made of, each part knowing of the others only what it is handed. */
export class ConversationComponents {
  readonly notes: Notes
  readonly burner: Burner
  readonly numbers: MessageNumbers
  readonly outbox: Outbox
  readonly offers: Offers
  readonly side: SideContents
  readonly cover: Cover
  readonly vouching: Vouching
  readonly resending: Resending
  readonly deliveries: Deliveries
  readonly sender: Sender
  readonly profiles: ProfileExchange
  readonly receiver: Receiver
  readonly #init: ConversationInit
  readonly #host: ConversationHost
  readonly #clock: Clock

  constructor(init: ConversationInit, host: ConversationHost) {
    const { history, now } = init
    this.#init = init
    this.#host = host
    this.#clock = { now, elapsed: init.elapsed ?? (() => performance.now()) }
    this.notes = this.#createNotes()
    this.burner = this.#createBurner()
    this.numbers = this.#createNumbers()
    this.outbox = this.#createOutbox()
    this.offers = new Offers(history)
    this.side = this.#createSide()
    this.cover = this.#createCover()
    this.vouching = this.#createVouching()
    this.resending = this.#createResending()
    this.deliveries = new Deliveries([this.offers, this.outbox, this.side.notices], now)
    this.sender = this.#createSender()
    this.profiles = this.#createProfiles()
    this.receiver = this.#createReceiver()
  }

  /** A new id, and the time in it. */
  header(): ContentHeader {
    return contentHeader(this.#init.crypto, this.#init.now())
  }

  #createNotes(): Notes {
    const { history, fingerprint, onMessage } = this.#init
    return new Notes({ history, fingerprint, onMessage, header: () => this.header() })
  }

  #createBurner(): Burner {
    const { history, burnTimers, onMessageChange } = this.#init
    return new Burner({
      history,
      timers: burnTimers,
      forget: (id) => {
        this.outbox.forget(id)
        this.offers.forget(id)
      },
      onChange: onMessageChange,
      tell: async (ids) => {
        await this.side.notices.add(burnedContent(this.header(), ids))
        this.#host.flush()
      },
    })
  }

  #createNumbers(): MessageNumbers {
    const { records, fingerprint, history } = this.#init
    return new MessageNumbers({
      records,
      fingerprint,
      nextOrder: () => history.nextOrder(),
      isTaken: (order) => history.isTaken(order),
      onMissing: () => {
        this.resending.askSoon()
      },
    })
  }

  #createOutbox(): Outbox {
    return new Outbox({
      history: this.#init.history,
      numbers: this.numbers,
      clock: this.#clock,
      onChange: (message) => {
        this.burner.watch(message)
        this.#init.onMessageChange(message)
        // a store that fails now has its time begin at the next start
        if (message.state === 'delivered') this.side.delivered(message).catch(() => undefined)
      },
    })
  }

  #createSide(): SideContents {
    const { identity, fingerprint, records, history, now, gate, preferences } = this.#init
    return new SideContents({
      defaults: preferences,
      self: identity.fingerprint,
      fingerprint,
      records,
      history,
      holders: [this.outbox, this.offers],
      now,
      header: () => this.header(),
      note: (note) => this.notes.add(note),
      flush: this.#host.flush,
      tellTyping: (typing) => {
        const opened = this.#host.best()
        if (opened === undefined || !gate.isOpen) return
        this.sender.tell(opened, () =>
          Promise.resolve({ type: 'typing', ...this.header(), typing }),
        )
      },
      onDelivered: (id) => this.outbox.acknowledged(id),
      onMessageChange: this.#init.onMessageChange,
      onGone: this.#init.onMessageGone,
      onChange: () => {
        this.cover.changed()
        this.#init.onSideChange()
      },
    })
  }

  #createCover(): Cover {
    const { gate, onSideChange } = this.#init
    return new Cover({
      wanted: () => (gate.isOpen ? this.side.settings.cover : 0),
      isTrusted: () => gate.isOpen,
      tell: (opened, content) => {
        this.#tell(opened, content)
      },
      onChange: onSideChange,
    })
  }

  #createVouching(): Vouching {
    return new Vouching({
      deliver: (content, key) => this.side.notices.add(content, key),
      header: () => this.header(),
      note: (note) => this.notes.add(note),
      take: this.#init.takeVouch,
    })
  }

  #createResending(): Resending {
    return new Resending({
      clock: this.#clock,
      numbers: this.numbers,
      best: this.#host.best,
      tell: (opened, content) => {
        this.#tell(opened, content)
      },
      offer: (wanted) => this.#offerNumbers(wanted),
      onChange: this.#init.onMissing,
    })
  }

  #createSender(): Sender {
    const { crypto, identity, fingerprint, gate } = this.#init
    return new Sender({
      crypto,
      identity,
      fingerprint,
      clock: this.#clock,
      sources: this.deliveries.sources,
      mayDeflate: () => gate.isOpen && this.side.settings.compression,
    })
  }

  #createProfiles(): ProfileExchange {
    const { counter, ownName, onName, presence } = this.#init
    return new ProfileExchange({
      ...(presence && { presence }),
      ask: (opened, content) => {
        this.#tell(opened, content)
      },
      counter,
      ownName,
      onName,
      note: (note) => this.notes.add(note),
      onBehind: (opened) => this.#offerAgain(opened),
      onBatches: (opened) => {
        this.sender.share(opened)
      },
      tell: this.#host.tellProfile,
    })
  }

  #createReceiver(): Receiver {
    const { crypto, identity, fingerprint, history, gate } = this.#init
    return new Receiver({
      crypto,
      self: identity.fingerprint,
      fingerprint,
      clock: this.#clock,
      numbers: this.numbers,
      handlers: this.#handlers(),
      gate,
      isKnown: (id) => history.has(id),
      mayHaveForgotten: (id) => history.mayHaveForgotten(id),
    })
  }

  #handlers(): ReadonlyMap<string, ContentHandler> {
    const { fingerprint, history, now, letters, presence } = this.#init
    const texts = new IncomingTexts({
      fingerprint,
      history,
      now,
      onMessage: (message) => {
        this.burner.watch(message)
        this.#init.onMessage(message)
      },
      arriving: (message) => this.side.arriving(message),
      arrived: (message) => this.side.arrived(message),
    })
    const handlers = new Map<string, ContentHandler>([
      ['text', texts],
      ['burned', this.burner],
      ['profile', this.profiles],
      ['vouch', this.vouching],
      ['resend', this.resending.asked],
      ['withdrawn', this.resending.answered],
      ['cover', this.cover.handler],
      ...this.side.handlers,
      ...(presence?.handlers({
        tell: (opened, content) => {
          this.#tell(opened, content)
        },
        introduce: this.#host.introduce,
      }) ?? []),
    ])
    if (letters !== undefined) handlers.set(CARD_TYPE, letters.cardHandler)
    return handlers
  }

  #tell(opened: OpenedChannel, content: Omit<Content, 'id' | 'timestamp'>): void {
    this.sender.tell(opened, () => Promise.resolve({ ...this.header(), ...content }))
  }

  async #offerAgain(opened: OpenedChannel): Promise<void> {
    await this.offers.renew(this.#init.now(), this.sender.sentOn(opened))
    this.#host.flush()
  }

  /** What was delivered under these numbers goes out again; what waits does so anyway. */
  async #offerNumbers(wanted: ReadonlySet<number>): Promise<Iterable<number>> {
    const waiting = new Set(this.outbox.numbers())
    const settled = new Set([...wanted].filter((number) => !waiting.has(number)))
    const gone = await this.offers.renewNumbers(this.#init.now(), settled)
    this.#host.flush()
    return gone
  }
}
