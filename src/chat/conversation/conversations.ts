import {
  ConnectError,
  PersonBlockedError,
  PersonReplacedError,
  RequestPendingError,
} from '../errors.ts'
import { UnwelcomePeerError } from '../requests/errors.ts'
import { Strangers, type StrangerPolicy } from '../requests/strangers.ts'
import { ChannelCounter } from './channel-counter.ts'
import { ConversationFlow, type LetterHooks } from './conversation.ts'
import { eraseConversation } from './erase-conversation.ts'
import { History, toChatMessage } from './history.ts'
import { IdentityWatch } from './identity-watch.ts'
import { letterDesk } from './letter-desk.ts'
import { isRelayed, PeerLink } from './peer-link.ts'
import { Standing } from './standing.ts'
import { COVER_BYTES_PER_HOUR } from './cover.ts'
import { isCard, type Correspondence, type Letters } from '../letters/index.ts'
import { encodeAddresses } from '../direct/addresses.ts'
import { acceptableName } from '../rooms/room-names.ts'
import type { Connector } from '../connectivity/connector.ts'
import { BurnBox } from '../burn/burn-box.ts'
import { BurnTimers } from '../burn/burn-timers.ts'
import type { BurnKeys } from '../burn/burn-keys.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type {
  ChatMessage,
  Conversation,
  ConversationSettings,
  Person,
  SendOptions,
} from '../api.ts'
import type { OpenedChannel, Welcome } from '../direct/index.ts'
import type { Identity } from '../identity/identity.ts'
import type { People } from '../people/people.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { VouchContent } from '../trust/vouch-content.ts'
import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

export interface ConversationsInit {
  readonly crypto: CryptoPort
  readonly identity: Identity
  readonly ownPeerId: string
  readonly people: People
  readonly records: RecordStore
  readonly burnKeys: BurnKeys
  readonly now: () => number
  readonly ownName: () => string | undefined
  /** What somebody says about a third person; resolves with whom, if that is news. */
  readonly takeVouch: (from: string, content: VouchContent) => Promise<string | undefined>
  readonly ownAddresses: () => Multiaddr[]
  /** The ways to people. */
  readonly connector: Pick<Connector, 'open' | 'upgrade' | 'explain' | 'suspect'>
  readonly onChange: (conversation: Conversation) => void
  readonly onMessage: (message: ChatMessage) => void
  readonly onMessageChange: (message: ChatMessage) => void
  readonly onMessageGone: (id: string, conversation: string) => void
  /** A request is not there any more. */
  readonly onGone: (conversation: string) => void
  readonly strangers: StrangerPolicy
  /** What goes by letter while somebody is away. */
  readonly letters?: Pick<Letters, 'notice' | 'card' | 'heard'>
  readonly onRefusal: (error: Error, opened: OpenedChannel) => void
}

interface Entry {
  readonly fingerprint: string
  readonly history: History
  readonly flow: ConversationFlow
  readonly link: PeerLink
  readonly standing: Standing
  /** Where they said they are, in this run of the program. */
  told: readonly Multiaddr[]
  /** The user opened it: it is listed, whether or not anything was said. */
  isOpened: boolean
}

/** All private conversations, by the other person's fingerprint. */
export class Conversations {
  readonly #init: ConversationsInit
  readonly #entries = new Map<string, Promise<Entry>>()
  readonly #ready = new Map<string, Entry>()
  readonly #watch: IdentityWatch
  readonly #burns: BurnBox
  readonly #burnTimers: BurnTimers
  readonly #strangers: Strangers
  /** For whoever carries letters. */
  readonly correspondence: Correspondence

  constructor(init: ConversationsInit) {
    this.#init = init
    this.#burns = new BurnBox(init.crypto, init.burnKeys)
    this.#burnTimers = new BurnTimers({ now: init.now })
    this.#strangers = new Strangers({
      records: init.records,
      people: init.people,
      policy: init.strangers,
      now: init.now,
      onRequest: (fingerprint) => {
        const entry = this.#ready.get(fingerprint)
        if (entry !== undefined) this.#changed(entry)
      },
    })
    this.#watch = new IdentityWatch({
      people: init.people,
      conversations: () => [...this.#ready.values()],
      onChange: ({ fingerprint }) => {
        const entry = this.#ready.get(fingerprint)
        if (entry !== undefined) this.#changed(entry)
      },
    })
    this.correspondence = letterDesk({
      strangers: this.#strangers,
      watch: this.#watch,
      find: (fingerprint) => {
        const entry = this.#ready.get(fingerprint)
        return entry?.standing.current.replacedBy === undefined ? entry : undefined
      },
      everybody: () => [...this.#ready.keys()],
      open: (fingerprint, peerId) => this.#entry(fingerprint, peerId),
      leave: (fingerprint) => {
        const entry = this.#ready.get(fingerprint)
        if (entry !== undefined) this.#dropStranger(entry)
      },
    })
  }

  #letterHooks(fingerprint: string): { letters?: LetterHooks } {
    const { letters } = this.#init
    if (letters === undefined) return {}
    return {
      letters: {
        onWaiting: () => {
          letters.notice(fingerprint)
        },
        card: () => letters.card(fingerprint),
        cardHandler: {
          durable: false,
          receive: (content) => {
            // the next frame need not wait; a card that could not be kept comes with the next channel
            if (isCard(content)) letters.heard(fingerprint, content).catch(() => undefined)
            return Promise.resolve()
          },
        },
      },
    }
  }

  /** Opens every conversation with a contact, so that what waited since the last time is sent. */
  async load(): Promise<void> {
    this.#watch.load()
    await this.#strangers.load()
    const contacts = this.#init.people.all().filter(({ known }) => known)
    const listed = [...contacts, ...this.#strangers.requests.all()]
    await Promise.all(listed.map(({ fingerprint }) => this.#entry(fingerprint)))
  }

  list(): Conversation[] {
    return this.#views((entry) => this.#isListed(entry))
  }

  /** What strangers ask. */
  requests(): Conversation[] {
    return this.#views((entry) => this.#isRequest(entry))
  }

  async open(fingerprint: string): Promise<Conversation> {
    const entry = await this.#entry(fingerprint)
    // looking at what a stranger asks, or at somebody blocked, calls nobody
    if (this.#isRequest(entry) || this.#strangers.isBlocked(fingerprint)) return this.#view(entry)
    await this.#turnTo(entry)
    entry.link.poke()
    return this.#view(entry)
  }

  /** @throws ConnectError | PersonBlockedError */
  async connect(fingerprint: string, signal?: AbortSignal): Promise<Conversation> {
    const entry = await this.#entry(fingerprint)
    this.#requireWelcome(fingerprint)
    await this.#turnTo(entry)
    await entry.link.connect(signal)
    return this.#view(entry)
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
    const entry = await this.#entry(fingerprint, peerId.toString())
    entry.link.attach(opened)
    if (!isContact) void opened.channel.closed.then(() => this.#dropStranger(entry))
    await this.#watch.appeared(fingerprint, peerId.toString())
    return isContact
  }

  /** Who a peer is that wants to shake hands with us. */
  welcome(peerId: string): Welcome {
    return this.#strangers.welcome(peerId)
  }

  /** Somebody was seen: if something waits for them, now is the time. */
  async nudge(fingerprint: string): Promise<void> {
    const entry = await this.#entries.get(fingerprint)
    if (entry !== undefined && entry.flow.pending > 0) entry.link.poke()
  }

  async send(fingerprint: string, text: string, options: SendOptions = {}): Promise<ChatMessage> {
    const entry = await this.#entry(fingerprint)
    if (entry.standing.current.replacedBy !== undefined) {
      throw new PersonReplacedError('another identity took the place of this one')
    }
    this.#requireWelcome(fingerprint)
    if (this.#isRequest(entry)) await this.acceptRequest(fingerprint)
    else await this.#turnTo(entry)
    return entry.flow.send(text, options)
  }

  async message(fingerprint: string, id: string): Promise<ChatMessage | undefined> {
    const entry = await this.#entry(fingerprint)
    const message = await entry.flow.side.find(id)
    return message && toChatMessage(message)
  }

  /** @throws EditRefusedError | InvalidContentError | PersonBlockedError | RequestPendingError */
  async edit(fingerprint: string, id: string, text: string): Promise<ChatMessage> {
    return (await this.#answerable(fingerprint)).flow.edit(id, text)
  }

  /** @throws InvalidContentError | PersonBlockedError | RequestPendingError */
  async react(fingerprint: string, id: string, emoji: string | undefined): Promise<ChatMessage> {
    return (await this.#answerable(fingerprint)).flow.side.react(id, emoji)
  }

  /** @throws DeleteRefusedError */
  async deleteMessage(fingerprint: string, id: string, forBoth: boolean): Promise<void> {
    const entry = await this.#entry(fingerprint)
    await entry.flow.side.delete(id, forBoth)
    this.#changed(entry)
  }

  setTyping(fingerprint: string, typing: boolean): void {
    this.#ready.get(fingerprint)?.flow.side.setTyping(typing)
  }

  async setDraft(fingerprint: string, text: string): Promise<void> {
    await (await this.#entry(fingerprint)).flow.side.setDraft(text)
  }

  /** @throws InvalidSettingError | PersonBlockedError | RequestPendingError */
  async updateSettings(
    fingerprint: string,
    settings: Partial<ConversationSettings>,
  ): Promise<Conversation> {
    const entry = await this.#entry(fingerprint)
    // what both sides are to hold to has to be told
    if (settings.disappearing !== undefined) await this.#answerable(fingerprint)
    await entry.flow.side.updateSettings(settings)
    return this.#view(entry)
  }

  async acceptRequest(fingerprint: string): Promise<Conversation> {
    const entry = await this.#entry(fingerprint)
    await this.#befriend(entry)
    return this.#view(entry)
  }

  async declineRequest(fingerprint: string): Promise<void> {
    const entry = await this.#entry(fingerprint)
    if (this.#isRequest(entry)) await this.#refuse(entry, 'declined')
  }

  async block(fingerprint: string): Promise<void> {
    await this.#refuse(await this.#entry(fingerprint), 'blocked')
  }

  async unblock(fingerprint: string): Promise<void> {
    await this.#strangers.unblock(fingerprint)
    const entry = await this.#entry(fingerprint)
    this.#changed(entry)
    this.#dropStranger(entry)
  }

  isBlocked(fingerprint: string): boolean {
    return this.#strangers.isBlocked(fingerprint)
  }

  blocked(): Person[] {
    const { people } = this.#init
    return this.#strangers.blocked().map((one) => people.get(one) ?? unknownPerson(one))
  }

  /** Tells somebody our signed word for `about`. @throws PersonReplacedError | PersonBlockedError | RequestPendingError */
  async vouch(fingerprint: string, about: string, vouch: string): Promise<void> {
    const entry = await this.#answerable(fingerprint)
    if (entry.standing.current.replacedBy !== undefined) {
      throw new PersonReplacedError('another identity took the place of this one')
    }
    await this.#turnTo(entry)
    await entry.flow.vouch(about, vouch)
  }

  async retry(messageId: string): Promise<void> {
    const entries = [...this.#ready.values()]
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
    const entry = await this.#entry(fingerprint)
    if (entry.standing.current.alarm?.fingerprint !== stranger) return this.#view(entry)
    if (decision === 'keep') {
      await this.#watch.keep(entry)
      if (entry.flow.pending > 0) entry.link.poke()
      return this.#view(entry)
    }
    const next = await this.#entry(stranger)
    await this.#watch.replace(entry, next)
    await this.#befriend(next)
    next.link.poke()
    return this.#view(next)
  }

  /** @throws NothingToRevealError */
  async reveal(fingerprint: string, id: string): Promise<string> {
    return (await this.#entry(fingerprint)).flow.reveal(id)
  }

  /** The messages of every conversation that is listed, the newest of each first. */
  async *everyMessage(): AsyncIterable<ChatMessage> {
    for (const entry of [...this.#ready.values()]) {
      if (!this.#isListed(entry)) continue
      for await (const message of entry.history.newest()) yield toChatMessage(message)
    }
  }

  async messages(fingerprint: string): Promise<ChatMessage[]> {
    const entry = await this.#entry(fingerprint)
    return (await entry.flow.all()).map(toChatMessage)
  }

  async markRead(fingerprint: string): Promise<void> {
    const entry = await this.#entry(fingerprint)
    if (entry.history.unread === 0) return
    await entry.flow.markRead()
    this.#changed(entry)
  }

  /** Every connection may be dead without knowing. */
  doubt(): void {
    for (const { link } of this.#ready.values()) link.doubt()
  }

  /** Those who could not be reached perhaps can be now. */
  chance(): void {
    for (const { link } of this.#ready.values()) link.chance()
  }

  /** A direct connection to this peer came up: a relayed conversation may move there. */
  connected(peerId: string): void {
    for (const { fingerprint, link } of this.#ready.values()) {
      if (this.#init.people.get(fingerprint)?.peerId === peerId) link.hint()
    }
  }

  /** Tells those behind a relay where we are now. */
  tellAddresses(): void {
    for (const { link } of this.#ready.values()) {
      for (const opened of link.channels) this.#sendAddresses(opened)
    }
  }

  /** Tells everybody we are talking to how we call ourselves now. */
  announceName(): void {
    for (const { fingerprint, flow, link } of this.#ready.values()) {
      if (link.best === undefined || !this.#strangers.isContact(fingerprint)) continue
      flow.tellProfile(link.best)
    }
  }

  /** The person behind a conversation changed: show it. */
  personChanged(person: Person): void {
    const entry = this.#ready.get(person.fingerprint)
    if (entry !== undefined) this.#changed(entry)
    // a store that fails now leaves the name for the next time it is seen
    this.#watch.named(person).catch(() => undefined)
  }

  async stop(): Promise<void> {
    this.#burnTimers.stop()
    this.#strangers.stop()
    const entries = [...this.#ready.values()]
    for (const { flow } of entries) flow.stop()
    await Promise.all(entries.map(({ link }) => link.stop()))
  }

  #entry(fingerprint: string, peerId?: string): Promise<Entry> {
    let entry = this.#entries.get(fingerprint)
    if (entry === undefined) {
      entry = this.#create(fingerprint, peerId ?? this.#init.people.get(fingerprint)?.peerId ?? '')
      this.#entries.set(fingerprint, entry)
      // a store that failed once may work the next time
      entry.catch(() => this.#entries.delete(fingerprint))
    }
    return entry
  }

  async #create(fingerprint: string, peerId: string): Promise<Entry> {
    const { crypto, identity, people, records, now, ownName } = this.#init
    const history = new History({ records, fingerprint, burns: this.#burns, now })
    const standing = new Standing(records, fingerprint)
    const flow = new ConversationFlow({
      crypto,
      identity,
      fingerprint,
      history,
      counter: new ChannelCounter(records, fingerprint),
      burnTimers: this.#burnTimers,
      records,
      now,
      ownName,
      takeVouch: (content) => this.#init.takeVouch(fingerprint, content),
      onMissing: () => {
        this.#changed(entry)
      },
      gate: this.#strangers.gate(fingerprint, (id) => history.has(id)),
      pace: () => this.#strangers.pace(fingerprint),
      ...this.#letterHooks(fingerprint),
      onMessage: (message) => {
        // what strangers ask is shown where the user looks for it
        if (this.#isListed(entry)) this.#init.onMessage(message)
        this.#changed(entry)
      },
      onMessageChange: (message) => {
        this.#init.onMessageChange(message)
        if (history.last?.id === message.id) this.#changed(entry)
      },
      onMessageGone: (id) => {
        this.#init.onMessageGone(id, fingerprint)
        this.#changed(entry)
      },
      onSideChange: () => {
        this.#changed(entry)
      },
      onName: (name) => {
        this.#nameOf(fingerprint, name)
      },
      onAddresses: (addresses) => {
        // nobody has us dial what they like before they are known
        if (!this.#strangers.isContact(fingerprint)) return
        entry.told = addresses
        entry.link.hint()
      },
      onRefusal: this.#init.onRefusal,
    })
    const link = new PeerLink({
      now,
      random: () => (crypto.randomBytes(1)[0] ?? 0) / 256,
      wanted: () =>
        flow.pending > 0 &&
        standing.current.replacedBy === undefined &&
        !this.#strangers.isBlocked(fingerprint),
      patient: () => standing.current.alarm?.decision === 'keep',
      isFirst: this.#init.ownPeerId < peerId,
      open: (signal, silent) => this.#openTo(entry, signal, silent),
      upgrade: (relayed, options) =>
        this.#init.connector.upgrade(relayed, { ...options, told: entry.told }),
      explain: (err) => this.#init.connector.explain(err),
      suspect: (connection) => {
        this.#init.connector.suspect(connection)
      },
      onFallback: () => {
        flow.flush()
      },
      onUp: (opened) => {
        this.#up(entry, opened)
      },
      onChange: (state) => {
        people.setOnline(fingerprint, state.state === 'secure')
        if (state.state === 'offline') {
          flow.setReason(state.reason)
          flow.side.unreachable()
        }
        this.#changed(entry)
      },
    })
    const entry: Entry = { fingerprint, history, flow, link, standing, told: [], isOpened: false }
    await standing.load()
    const burning = this.#init.burnKeys.entries()
    await flow.loadBurning(
      burning.filter((each) => each.conversation === fingerprint).map(({ id }) => id),
    )
    await flow.load(link)
    this.#ready.set(fingerprint, entry)
    if (flow.pending > 0) link.poke()
    return entry
  }

  async #openTo(
    entry: Entry,
    signal: AbortSignal | undefined,
    silent: readonly Connection[],
  ): Promise<OpenedChannel> {
    const person = this.#init.people.get(entry.fingerprint)
    if (person === undefined)
      throw new ConnectError('no-address', 'nobody of that fingerprint is known')
    if (entry.standing.current.replacedBy !== undefined)
      throw new ConnectError('identity-changed', 'another identity took the place of this one')
    if (!entry.isOpened && !this.#strangers.isContact(entry.fingerprint))
      throw new ConnectError('peer-offline', 'nobody calls a stranger by itself')
    const opened = await this.#init.connector.open(person, entry.told, signal, silent)
    const other = opened.remote.fingerprint
    if (other !== entry.fingerprint) {
      // the channel is good, but not with the person it was meant for: nothing is sent on it
      opened.channel.abort(new ConnectError('identity-changed', 'somebody else answered'))
      this.#init.people.saw({ fingerprint: other, peerId: opened.remote.peerId.toString() })
      await this.#watch.strangerAnswered(entry, other)
      throw new ConnectError('identity-changed', 'somebody else answers at their address')
    }
    await this.#init.people.keep(entry.fingerprint)
    return opened
  }

  #up(entry: Entry, opened: OpenedChannel): void {
    this.#watch.returned(entry).catch(() => undefined)
    void entry.flow.run(opened)
    this.#sendAddresses(opened)
  }

  #sendAddresses(opened: OpenedChannel): void {
    if (!isRelayed(opened) || !this.#strangers.isContact(opened.remote.fingerprint)) return
    opened.channel.sendAddresses(encodeAddresses(this.#init.ownAddresses()))
  }

  #nameOf(fingerprint: string, name: string): void {
    const { people } = this.#init
    const person = people.get(fingerprint)
    const accepted = acceptableName(name)
    if (person === undefined || accepted === undefined || accepted === person.name) return
    people.saw({ ...person, name: accepted })
    people.keep(fingerprint).catch(() => undefined)
  }

  #changed(entry: Entry): void {
    if (this.#ready.get(entry.fingerprint) !== entry) return
    if (this.#isListed(entry) || this.#isRequest(entry)) this.#init.onChange(this.#view(entry))
  }

  #views(isShown: (entry: Entry) => boolean): Conversation[] {
    const time = ({ lastMessage }: Conversation): number => lastMessage?.timestamp ?? 0
    return [...this.#ready.values()]
      .filter(isShown)
      .map((entry) => this.#view(entry))
      .sort((a, b) => time(b) - time(a))
  }

  #isRequest({ fingerprint }: Entry): boolean {
    return this.#strangers.requests.get(fingerprint) !== undefined
  }

  /** Contacts, and whom the user turned to. */
  #isListed(entry: Entry): boolean {
    const isKnown = this.#init.people.get(entry.fingerprint)?.known === true
    return isKnown || (entry.isOpened && !this.#isRequest(entry))
  }

  /** @throws PersonBlockedError */
  #requireWelcome(fingerprint: string): void {
    if (this.#strangers.isBlocked(fingerprint))
      throw new PersonBlockedError('the user blocked them')
  }

  /** A conversation in which we may say something besides words. @throws PersonBlockedError | RequestPendingError */
  async #answerable(fingerprint: string): Promise<Entry> {
    this.#requireWelcome(fingerprint)
    const entry = await this.#entry(fingerprint)
    if (this.#isRequest(entry)) throw new RequestPendingError('accept what they ask first')
    return entry
  }

  /** The user turns to somebody by themselves: that they are there already, as a stranger, is as good as asking. */
  async #turnTo(entry: Entry): Promise<void> {
    entry.isOpened = true
    if (entry.link.best !== undefined) await this.#befriend(entry)
  }

  /** From now on they hear what contacts hear. */
  async #befriend(entry: Entry): Promise<void> {
    const { fingerprint, flow, history, link } = entry
    if (this.#strangers.isContact(fingerprint) && !this.#isRequest(entry)) return
    entry.isOpened = true
    const request = await this.#strangers.accept(fingerprint)
    if (link.best !== undefined) {
      flow.tellProfile(link.best)
      flow.tellCard(link.best)
    }
    if (request !== undefined) await flow.readBefore()
    // what was not taken of them comes again with the next session
    if (request?.isFull === true) for (const { channel } of link.channels) void channel.close()
    else flow.flush()
    if (link.best === undefined || request?.isFull === true) link.poke()
    if (history.last !== undefined) this.#changed(entry)
  }

  async #refuse(entry: Entry, how: 'declined' | 'blocked'): Promise<void> {
    const { fingerprint, flow, history, link } = entry
    const isContact = this.#init.people.get(fingerprint)?.known === true
    const wasRequest = this.#isRequest(entry)
    await this.#strangers.refuse(fingerprint, how)
    for (const { channel } of link.channels) {
      channel.abort(new UnwelcomePeerError('not wanted by the user'))
    }
    if (isContact) {
      await flow.giveUp('blocked')
      this.#changed(entry)
      return
    }
    this.#forget(entry)
    await eraseConversation(this.#init.records, history, fingerprint)
    if (wasRequest || entry.isOpened) this.#init.onGone(fingerprint)
  }

  /** A stranger's channel is gone. Nothing stays of them, unless they asked. */
  #dropStranger(entry: Entry): void {
    const { fingerprint, link } = entry
    if (link.best !== undefined || this.#isListed(entry) || this.#isRequest(entry)) return
    this.#strangers.forget(fingerprint)
    this.#forget(entry)
  }

  #forget(entry: Entry): void {
    const { fingerprint, flow, link } = entry
    if (this.#ready.get(fingerprint) !== entry) return
    this.#ready.delete(fingerprint)
    this.#entries.delete(fingerprint)
    flow.stop()
    void link.stop()
  }

  #view({ fingerprint, flow, history, link, standing }: Entry): Conversation {
    const { alarm, replacedBy } = standing.current
    const person = this.#init.people.get(fingerprint) ?? unknownPerson(fingerprint)
    const last = history.last
    const { settings, isTyping, draft } = flow.side
    return {
      id: fingerprint,
      person,
      link: link.link,
      unread: history.unread,
      settings,
      ...(this.#strangers.requests.get(fingerprint) !== undefined && { request: true }),
      ...(this.#strangers.isBlocked(fingerprint) && { blocked: true }),
      ...(isTyping && { typing: true }),
      ...(draft !== '' && { draft }),
      ...(flow.missing > 0 ? { missing: flow.missing } : {}),
      cover: { isActive: flow.isCovered, bytesPerHour: COVER_BYTES_PER_HOUR },
      lastMessage: last === undefined ? undefined : toChatMessage(last),
      ...(alarm === undefined ? {} : { alarm }),
      ...(replacedBy === undefined ? {} : { replacedBy }),
    }
  }
}

function unknownPerson(fingerprint: string): Person {
  return {
    fingerprint,
    name: undefined,
    peerId: '',
    multiaddrs: [],
    online: false,
    known: false,
    verified: false,
  }
}
