import { decodeAddresses } from '../direct/addresses.ts'
import { InvalidContentError } from '../errors.ts'
import { composeText, requireText, type SendTerms } from './composing.ts'
import { MAX_OUTBOX_MESSAGES } from './constants.ts'
import { ConversationComponents } from './conversation-components.ts'
import { toChatMessage, type StoredMessage } from './history.ts'
import type { ChatMessage, ChatNote } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Content } from '../message/content.ts'
import type { SideContents } from './contents/side-contents.ts'
import type { ConversationInit } from './conversation-init.ts'
import type { Deliverable } from './deliverable.ts'
import type { PeerLink } from './peer-link.ts'
import type { VouchNote } from '../trust/vouching.ts'

/**
 * One private conversation: what waits to be sent, and what comes in. A message is stored before it is sent, and
 * acknowledged after the other side has stored it; it stays in the outbox until then, whatever happens to channels.
 */
export class ConversationFlow {
  /** What passes between the two besides messages. */
  readonly side: SideContents
  readonly #init: ConversationInit
  readonly #components: ConversationComponents
  #link: PeerLink | undefined

  constructor(init: ConversationInit) {
    this.#init = init
    this.#components = new ConversationComponents(init, {
      best: () => this.#link?.best,
      flush: () => {
        this.flush()
      },
      tellProfile: (opened) => {
        this.tellProfile(opened)
      },
      introduce: (opened) => {
        this.introduce(opened)
      },
    })
    this.side = this.#components.side
  }

  /** Messages that wait for their acknowledgement. */
  get pending(): number {
    return this.#components.deliveries.pending
  }

  /** Messages of the other side that have not come, though later ones have. */
  get missing(): number {
    return this.#components.numbers.missing
  }

  /** Those of them that the user is to know of. */
  get overdue(): number {
    return this.#components.resending.overdue
  }

  /** Whether frames leave at a constant rate, as our user wants it or the other side does, and what it costs. */
  get cover(): { readonly isActive: boolean; readonly bytesPerHour: number } {
    const { isActive, bytesPerHour } = this.#components.cover
    return { isActive, bytesPerHour }
  }

  /** Every message in order, those under way with the state they are in right now. */
  async all(): Promise<StoredMessage[]> {
    const messages = await this.#init.history.all()
    return messages.map((message) => this.#components.outbox.get(message.id) ?? message)
  }

  async load(link: PeerLink): Promise<void> {
    const { numbers, offers, outbox, profiles, resending } = this.#components
    this.#link = link
    await profiles.load()
    await numbers.load()
    for (const message of await this.#init.history.load()) {
      if (message.offered === true) offers.resume(message)
      else outbox.resume(message)
    }
    resending.waited()
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
    return this.#components.burner.reveal(id)
  }

  /** Takes up the messages that burn, before anything is shown. */
  loadBurning(ids: readonly string[]): Promise<void> {
    return this.#components.burner.load(ids)
  }

  /** Stores a text and sets it on its way. @throws InvalidContentError | InvalidBurnError */
  async send(text: string, options: SendTerms = {}): Promise<ChatMessage> {
    requireText(text)
    const { outbox } = this.#components
    if (outbox.size >= MAX_OUTBOX_MESSAGES) {
      throw new InvalidContentError('too many messages wait for this person')
    }
    const header = this.#components.header()
    const composed = await this.side.compose(composeText(this.#init, header, text, options))
    const message = await outbox.add(composed)
    this.#init.onMessage(toChatMessage(message))
    this.flush()
    await this.side.sent()
    return toChatMessage(message)
  }

  /** Tells the other side our signed word for somebody, or takes it back. */
  async vouch(about: string, vouch: string, note: VouchNote): Promise<void> {
    await this.#components.vouching.tell(about, vouch, note)
    this.flush()
  }

  /** Tries a failed message again. */
  async retry(id: string): Promise<void> {
    if (await this.#components.outbox.retry(id)) this.flush()
  }

  /** Why what waits is waiting, for the user to see. */
  setReason(reason: string | undefined): void {
    this.#components.outbox.setReason(reason)
  }

  /** What waits has failed, and goes out only if the user tries it again. */
  giveUp(reason: string): Promise<void> {
    return this.#components.outbox.giveUp(reason)
  }

  /** Says something in the conversation that nobody wrote. */
  note(note: ChatNote): Promise<void> {
    return this.#components.notes.add(note)
  }

  /** Sends what waits on the best channel, or asks for one. */
  flush(): void {
    if (this.pending === 0) return
    this.#init.letters?.onWaiting()
    const opened = this.#link?.best
    if (opened === undefined) this.#link?.poke()
    else this.#components.sender.flush(opened)
  }

  /** Runs a channel for as long as it lasts. */
  async run(opened: OpenedChannel): Promise<void> {
    const { channel } = opened
    const { cover, deliveries, receiver, resending, sender } = this.#components
    const { gate } = this.#init
    sender.begin(opened)
    const running = channel.run({
      ...receiver.begin(opened),
      onAcknowledged: (ids) =>
        deliveries.acknowledged(ids, (id) => {
          sender.acknowledged(opened, id)
        }),
      onPart: (data) => receiver.part(data, opened),
      onWanted: (data) => {
        sender.wanted(opened, data)
        return Promise.resolve()
      },
      onAddresses: (data) => {
        this.#init.onAddresses(decodeAddresses(data), opened)
        return Promise.resolve()
      },
      ...(!gate.isOpen && { pace: this.#init.pace() }),
    })
    if (gate.isOpen) this.introduce(opened)
    cover.begin(opened)
    this.flush()
    this.tellCard(opened)
    if (this.missing > 0 && gate.isOpen) resending.askSoon()
    await running
    const error = await channel.closed
    if (error !== undefined) this.#init.onRefusal(error, opened)
  }

  /**
   * Takes a content that something else than a channel brought, and checked; resolves with whether it is stored and may
   * be acknowledged.
   */
  store(content: Content, ageMs: number): Promise<boolean> {
    return this.#components.receiver.store(content, ageMs)
  }

  /** What waits for the other side and may still be said. */
  waiting(): Deliverable[] {
    return this.#components.deliveries.waiting()
  }

  /** A message of ours lies in so many mailboxes. */
  storedAt(id: string, mailboxes: number): void {
    this.#components.outbox.stored(id, mailboxes)
  }

  /** The other side said, on whatever way, that it has stored these; 16 bytes each. */
  acknowledged(ids: Uint8Array): Promise<void> {
    return this.#components.deliveries.acknowledged(ids)
  }

  /** Tells the other side how to write to us while we are away. */
  tellCard(opened: OpenedChannel): void {
    const { letters, gate } = this.#init
    if (letters !== undefined && gate.isOpen) this.#components.sender.tell(opened, letters.card)
  }

  /** Nothing is asked for any more. */
  stop(): void {
    this.#components.resending.stop()
    this.side.stop()
  }

  /**
   * Tells the other side who we are to them. `ask`: they were a stranger until now, of whom we took nothing; they are to
   * say it again.
   */
  introduce(opened: OpenedChannel, { ask = false } = {}): void {
    this.tellProfile(opened)
    this.tellPresence(opened, { ask })
  }

  /** Tells the other side whether we are there. */
  tellPresence(opened: OpenedChannel, { ask = false } = {}): void {
    const { presence, gate } = this.#init
    if (presence === undefined || !gate.isOpen) return
    const { sender } = this.#components
    sender.tell(opened, () =>
      Promise.resolve({
        ...this.#components.header(),
        ...presence.told(),
        ...(ask && { ask: true }),
      }),
    )
  }

  /** Tells the other side how we call ourselves, and what we remember of channels. */
  tellProfile(opened: OpenedChannel): void {
    const { profiles, sender } = this.#components
    sender.tell(opened, () => profiles.told(opened, this.#components.header()))
  }
}
