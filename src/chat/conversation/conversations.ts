import { PersonReplacedError } from '../errors.ts'
import { conversationsComponents, correspondenceOf } from './conversations-components.ts'
import { toChatMessage } from './history.ts'
import type {
  ChatMessage,
  Conversation,
  ConversationSettings,
  Person,
  SendOptions,
} from '../api.ts'
import type { BurnTimers } from '../burn/burn-timers.ts'
import type { OpenedChannel, Welcome } from '../direct/index.ts'
import type { Correspondence } from '../letters/index.ts'
import type { Strangers } from '../requests/strangers.ts'
import type { Acceptance } from './acceptance.ts'
import type { ConversationsInit } from './conversations-init.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'
import type { IdentityWatch } from './identity-watch.ts'
import type { Links } from './links.ts'
import type { Listing } from './listing.ts'
import type { VouchNote } from '../trust/vouching.ts'

/** All private conversations, by the other person's fingerprint. */
export class Conversations {
  readonly #init: ConversationsInit
  readonly #entries: Entries
  readonly #listing: Listing
  readonly #acceptance: Acceptance
  readonly #watch: IdentityWatch
  readonly #burnTimers: BurnTimers
  readonly #strangers: Strangers
  /** The ways to everybody. */
  readonly links: Links
  /** For whoever carries letters. */
  readonly correspondence: Correspondence

  constructor(init: ConversationsInit) {
    this.#init = init
    const components = conversationsComponents(init)
    this.#entries = components.entries
    this.#listing = components.listing
    this.#acceptance = components.acceptance
    this.#watch = components.watch
    this.#burnTimers = components.burnTimers
    this.#strangers = components.strangers
    this.links = components.links
    this.correspondence = correspondenceOf(components, init)
  }

  /** Opens every conversation with a contact, so that what waited since the last time is sent. */
  async load(): Promise<void> {
    this.#watch.load()
    await this.#strangers.load()
    const contacts = this.#init.people.all().filter(({ known }) => known)
    const listed = [...contacts, ...this.#strangers.requests.all(), ...this.#init.leads.all()]
    await Promise.all(listed.map(({ fingerprint }) => this.#entries.open(fingerprint)))
  }

  list(): Conversation[] {
    return this.#listing.list()
  }

  /** What strangers ask. */
  requests(): Conversation[] {
    return this.#listing.requests()
  }

  async open(fingerprint: string): Promise<Conversation> {
    const entry = await this.#entries.open(fingerprint)
    // looking at what a stranger asks, or at somebody blocked, calls nobody
    if (this.#listing.isRequest(entry) || this.#strangers.isBlocked(fingerprint))
      return this.#listing.view(entry)
    await this.#acceptance.turnTo(entry)
    entry.link.poke()
    return this.#listing.view(entry)
  }

  /** @throws ConnectError | PersonBlockedError */
  async connect(fingerprint: string, signal?: AbortSignal): Promise<Conversation> {
    const entry = await this.#entries.open(fingerprint)
    this.#acceptance.requireWelcome(fingerprint)
    await this.#acceptance.turnTo(entry)
    await entry.link.connect(signal)
    return this.#listing.view(entry)
  }

  /** Takes a channel that the person behind it, or we, opened. Resolves with whether they are a contact. */
  async attach(opened: OpenedChannel): Promise<boolean> {
    const { fingerprint, peerId } = opened.remote
    let isContact: boolean
    try {
      isContact = await this.#strangers.admit(opened)
    } catch (err) {
      const error = err instanceof Error ? err : new Error(String(err))
      opened.channel.abort(error)
      this.#init.onRefusal(error, opened)
      return false
    }
    const entry = await this.#entries.open(fingerprint, peerId.toString())
    entry.link.attach(opened)
    if (!isContact) void opened.channel.closed.then(() => this.#acceptance.drop(entry))
    await this.#watch.appeared(fingerprint, peerId.toString())
    return isContact
  }

  /** Who a peer is that wants to shake hands with us. */
  welcome(peerId: string): Welcome {
    return this.#strangers.welcome(peerId)
  }

  /** Somebody was seen: if something waits for them, now is the time. */
  async nudge(fingerprint: string): Promise<void> {
    const entry = await this.#entries.opening(fingerprint)
    if (entry !== undefined && entry.flow.pending > 0) entry.link.poke()
  }

  async send(fingerprint: string, text: string, options: SendOptions = {}): Promise<ChatMessage> {
    const entry = await this.#entries.open(fingerprint)
    requireCurrent(entry)
    this.#acceptance.requireWelcome(fingerprint)
    await this.#acceptance.beforeWriting(entry)
    return entry.flow.send(text, options)
  }

  async message(fingerprint: string, id: string): Promise<ChatMessage | undefined> {
    const entry = await this.#entries.open(fingerprint)
    const message = await entry.flow.side.find(id)
    return message && toChatMessage(message)
  }

  /** @throws EditRefusedError | InvalidContentError | PersonBlockedError | RequestPendingError */
  async edit(fingerprint: string, id: string, text: string): Promise<ChatMessage> {
    return (await this.#acceptance.answerable(fingerprint)).flow.edit(id, text)
  }

  /** @throws InvalidContentError | PersonBlockedError | RequestPendingError */
  async react(fingerprint: string, id: string, emoji: string | undefined): Promise<ChatMessage> {
    return (await this.#acceptance.answerable(fingerprint)).flow.side.react(id, emoji)
  }

  /** @throws DeleteRefusedError */
  async deleteMessage(fingerprint: string, id: string, forBoth: boolean): Promise<void> {
    const entry = await this.#entries.open(fingerprint)
    await entry.flow.side.delete(id, forBoth)
    this.#listing.changed(entry)
  }

  setTyping(fingerprint: string, typing: boolean): void {
    this.#entries.get(fingerprint)?.flow.side.setTyping(typing)
  }

  async setDraft(fingerprint: string, text: string): Promise<void> {
    await (await this.#entries.open(fingerprint)).flow.side.setDraft(text)
  }

  /** @throws InvalidSettingError | PersonBlockedError | RequestPendingError */
  async updateSettings(
    fingerprint: string,
    settings: Partial<ConversationSettings>,
  ): Promise<Conversation> {
    const entry = await this.#entries.open(fingerprint)
    // what both sides are to hold to has to be told
    if (settings.disappearing !== undefined) await this.#acceptance.answerable(fingerprint)
    await entry.flow.side.updateSettings(settings)
    return this.#listing.view(entry)
  }

  async acceptRequest(fingerprint: string): Promise<Conversation> {
    const entry = await this.#entries.open(fingerprint)
    await this.#acceptance.accept(entry)
    return this.#listing.view(entry)
  }

  async declineRequest(fingerprint: string): Promise<void> {
    await this.#acceptance.decline(await this.#entries.open(fingerprint))
  }

  async block(fingerprint: string): Promise<void> {
    await this.#acceptance.block(await this.#entries.open(fingerprint))
  }

  unblock(fingerprint: string): Promise<void> {
    return this.#acceptance.unblock(fingerprint)
  }

  isBlocked(fingerprint: string): boolean {
    return this.#strangers.isBlocked(fingerprint)
  }

  blocked(): Person[] {
    return this.#listing.blocked()
  }

  /** Tells somebody our signed word for `about`, or takes it back. @throws PersonReplacedError | PersonBlockedError | RequestPendingError */
  async vouch(fingerprint: string, about: string, vouch: string, note: VouchNote): Promise<void> {
    const entry = await this.#acceptance.answerable(fingerprint)
    requireCurrent(entry)
    await this.#acceptance.turnTo(entry)
    await entry.flow.vouch(about, vouch, note)
  }

  async retry(messageId: string): Promise<void> {
    const entries = this.#entries.all()
    const alive = entries.filter(
      ({ fingerprint, standing }) =>
        standing.current.replacedBy === undefined && !this.#strangers.isBlocked(fingerprint),
    )
    await Promise.all(alive.map(({ flow }) => flow.retry(messageId)))
  }

  /** The user's answer to the alarm about `stranger`; nothing happens where that is not the alarm. */
  async resolveAlarm(
    fingerprint: string,
    decision: 'keep' | 'accept',
    stranger: string,
  ): Promise<Conversation> {
    const entry = await this.#entries.open(fingerprint)
    const next = await this.#acceptance.resolveAlarm(entry, decision, stranger)
    return this.#listing.view(next)
  }

  /** @throws NothingToRevealError */
  async reveal(fingerprint: string, id: string): Promise<string> {
    return (await this.#entries.open(fingerprint)).flow.reveal(id)
  }

  /** The messages of every conversation that is listed, the newest of each first. */
  async *everyMessage(): AsyncIterable<ChatMessage> {
    for (const entry of this.#entries.all()) {
      if (!this.#listing.isListed(entry)) continue
      for await (const message of entry.history.newest()) yield toChatMessage(message)
    }
  }

  async messages(fingerprint: string): Promise<ChatMessage[]> {
    const entry = await this.#entries.open(fingerprint)
    return (await entry.flow.all()).map(toChatMessage)
  }

  async markRead(fingerprint: string): Promise<void> {
    const entry = await this.#entries.open(fingerprint)
    if (entry.history.unread === 0) return
    await entry.flow.markRead()
    this.#listing.changed(entry)
  }

  /** The search for somebody got further. */
  contactChanged(fingerprint: string): void {
    this.#listing.personChanged(fingerprint)
  }

  /** The person behind a conversation changed: show it. */
  personChanged(person: Person): void {
    this.#listing.personChanged(person.fingerprint)
    // a store that fails now leaves the name for the next time it is seen
    this.#watch.named(person).catch(() => undefined)
  }

  /** What the user wants towards everybody changed, and with it what holds in conversations that do not say otherwise. */
  preferencesChanged(): void {
    for (const entry of this.#entries.all()) this.#listing.changed(entry)
  }

  async stop(): Promise<void> {
    this.#burnTimers.stop()
    this.#strangers.stop()
    this.#listing.stop()
    const entries = this.#entries.all()
    for (const { flow } of entries) flow.stop()
    await Promise.all(entries.map(({ link }) => link.stop()))
  }
}

/** @throws PersonReplacedError */
function requireCurrent({ standing }: Entry): void {
  if (standing.current.replacedBy !== undefined) {
    throw new PersonReplacedError('another identity took the place of this one')
  }
}
