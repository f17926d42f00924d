import { TypedEventEmitter } from 'main-event'
import { startParts, stopParts } from './chat-life.ts'
import { ChatParts } from './chat-parts.ts'
import { PersonNotFoundError } from './errors.ts'
import { ownLink } from './invitations/index.ts'
import { parseQuery } from './people/reach.ts'
import type {
  Chat,
  ChatEvents,
  ChatMessage,
  ContactLink,
  Conversation,
  ConversationSettings,
  Fingerprint,
  LookupResult,
  Person,
  PersonTrust,
  Picture,
  Preferences,
  PreferencesChange,
  Room,
  RoomMessage,
  SafetyNumber,
  SearchHit,
  SearchOptions,
  SelfInfo,
  StorageState,
  SendOptions,
} from './api.ts'
import type { ChatComponents, ChatInit } from './chat-init.ts'
import type { Conversations } from './conversation/conversations.ts'
import type { Directory } from './directory/index.ts'
import type { Finder } from './people/finder.ts'
import type { People } from './people/people.ts'
import type { Rooms } from './rooms/index.ts'
import type { MessageSearch } from './search/message-search.ts'
import type { Trust } from './trust/trust.ts'
import type { AbortOptions } from '@libp2p/interface'

export type { LetterTiming } from './chat-init.ts'

/** What changes our addresses, or how many we are connected to. */
const SELF_EVENTS = ['peer:connect', 'peer:disconnect', 'self:peer:update'] as const

/** The chat core: everything below put together behind the one interface that terminal, page and API use. */
export class ChatCore extends TypedEventEmitter<ChatEvents> implements Chat {
  readonly #components: ChatComponents
  readonly #parts: ChatParts
  readonly #self: Fingerprint
  readonly #people: People
  readonly #trust: Trust
  readonly #directory: Directory
  readonly #finder: Finder
  readonly #rooms: Rooms
  readonly #conversations: Conversations
  readonly #search: MessageSearch

  constructor(components: ChatComponents, init: ChatInit) {
    super()
    this.#components = components
    this.#self = init.identity.fingerprint
    const parts = new ChatParts(components, init, {
      emit: (type, detail) => {
        this.#emit(type, detail)
      },
      selfChanged: this.#onSelfChange,
    })
    this.#parts = parts
    this.#people = parts.people
    this.#trust = parts.trust
    this.#directory = parts.directory
    this.#finder = parts.finder
    this.#rooms = parts.rooms
    this.#conversations = parts.conversations
    this.#search = parts.search
  }

  /** Reads what is kept and joins the network. */
  async start(): Promise<void> {
    await startParts(this.#parts, this.#components)
    for (const event of SELF_EVENTS) {
      this.#components.libp2p.addEventListener(event, this.#onSelfChange)
    }
    const { name } = this.#parts.presence.own.current
    if (name !== undefined) await this.#use(name)
    this.#parts.presence.start()
  }

  async stop(): Promise<void> {
    for (const event of SELF_EVENTS) {
      this.#components.libp2p.removeEventListener(event, this.#onSelfChange)
    }
    await stopParts(this.#parts, this.#components)
  }

  get self(): SelfInfo {
    const { libp2p } = this.#components
    const { name, status, picture } = this.#parts.presence.own.current
    return {
      fingerprint: this.#self,
      peerId: libp2p.peerId.toString(),
      name,
      status,
      picture,
      away: this.#parts.presence.activity.state === 'away',
      multiaddrs: libp2p.getMultiaddrs().map((address) => address.toString()),
      // libp2p's list of peers is decoded anew each time, and this is asked for whenever somebody comes or goes
      connections: new Set(libp2p.getConnections().map(({ remotePeer }) => remotePeer.toString()))
        .size,
    }
  }

  async register(name: string, options: AbortOptions = {}): Promise<number> {
    const cleaned = this.#directory.setName(name)
    await this.#parts.presence.own.setName(cleaned)
    await this.#use(cleaned)
    return this.#directory.publish(options)
  }

  setStatus(text: string): Promise<void> {
    return this.#parts.presence.own.setStatus(text)
  }

  setPicture(picture: Uint8Array | undefined): Promise<void> {
    return this.#parts.presence.own.setPicture(picture)
  }

  picture(fingerprint: Fingerprint): Promise<Picture | undefined> {
    return this.#parts.presence.picture(fingerprint)
  }

  setAttention(isHere: boolean): void {
    const { activity } = this.#parts.presence
    if (isHere) activity.touch()
    else activity.leave()
  }

  setAway(isAway: boolean): void {
    this.#parts.presence.activity.say(isAway)
  }

  async lookup(query: string, options: AbortOptions = {}): Promise<LookupResult> {
    const parsed = parseQuery(query)
    const people = await this.#finder.find(parsed, query, options)
    if (people.length === 0) throw new PersonNotFoundError('nobody was found')
    people.sort((a, b) => Number(b.known) - Number(a.known))
    return { query, kind: parsed.kind, people }
  }

  contactLink(): Promise<ContactLink> {
    const { libp2p, crypto, network } = this.#components
    return ownLink({
      crypto,
      fingerprint: this.#self,
      peerId: libp2p.peerId.toString(),
      name: () => this.#parts.presence.own.current.name,
      addresses: () => libp2p.getMultiaddrs(),
      relays: () => network.relays(),
      bundle: () => this.#parts.prekeys.bundle(),
    })
  }

  people(): Person[] {
    return this.#people.all()
  }

  conversations(): Conversation[] {
    return this.#conversations.list()
  }

  async open(fingerprint: Fingerprint): Promise<Conversation> {
    await this.#finder.require(fingerprint)
    return this.#conversations.open(fingerprint)
  }

  async connect(fingerprint: Fingerprint, options: AbortOptions = {}): Promise<Conversation> {
    await this.#finder.require(fingerprint)
    return this.#conversations.connect(fingerprint, options.signal ?? undefined)
  }

  messages(conversation: Fingerprint): Promise<ChatMessage[]> {
    return this.#conversations.messages(conversation)
  }

  async send(
    conversation: Fingerprint,
    text: string,
    options: SendOptions = {},
  ): Promise<ChatMessage> {
    await this.#finder.require(conversation)
    // whoever writes is there
    this.setAttention(true)
    return this.#conversations.send(conversation, text, options)
  }

  retry(messageId: string): Promise<void> {
    return this.#conversations.retry(messageId)
  }

  markRead(conversation: Fingerprint): Promise<void> {
    return this.#conversations.markRead(conversation)
  }

  async reveal(conversation: Fingerprint, messageId: string): Promise<string> {
    await this.#finder.require(conversation)
    return this.#conversations.reveal(conversation, messageId)
  }

  search(query: string, options?: SearchOptions): Promise<SearchHit[]> {
    return this.#search.search(query, options)
  }

  message(conversation: Fingerprint, messageId: string): Promise<ChatMessage | undefined> {
    return this.#conversations.message(conversation, messageId)
  }

  edit(conversation: Fingerprint, messageId: string, text: string): Promise<ChatMessage> {
    return this.#conversations.edit(conversation, messageId, text)
  }

  react(
    conversation: Fingerprint,
    messageId: string,
    emoji: string | undefined,
  ): Promise<ChatMessage> {
    return this.#conversations.react(conversation, messageId, emoji)
  }

  deleteMessage(
    conversation: Fingerprint,
    messageId: string,
    options: { forBoth?: boolean } = {},
  ): Promise<void> {
    return this.#conversations.deleteMessage(conversation, messageId, options.forBoth === true)
  }

  setTyping(conversation: Fingerprint, typing: boolean): void {
    this.#conversations.setTyping(conversation, typing)
  }

  setDraft(conversation: Fingerprint, text: string): Promise<void> {
    return this.#conversations.setDraft(conversation, text)
  }

  updateSettings(
    conversation: Fingerprint,
    settings: Partial<ConversationSettings>,
  ): Promise<Conversation> {
    return this.#conversations.updateSettings(conversation, settings)
  }

  requests(): Conversation[] {
    return this.#conversations.requests()
  }

  acceptRequest(fingerprint: Fingerprint): Promise<Conversation> {
    return this.#conversations.acceptRequest(fingerprint)
  }

  declineRequest(fingerprint: Fingerprint): Promise<void> {
    return this.#conversations.declineRequest(fingerprint)
  }

  block(fingerprint: Fingerprint): Promise<void> {
    return this.#conversations.block(fingerprint)
  }

  unblock(fingerprint: Fingerprint): Promise<void> {
    return this.#conversations.unblock(fingerprint)
  }

  blocked(): Person[] {
    return this.#conversations.blocked()
  }

  setVerified(fingerprint: Fingerprint, verified: boolean): Promise<void> {
    return this.#people.setVerified(fingerprint, verified)
  }

  // what these throw comes as a rejection, although they compute at once
  async safetyNumber(fingerprint: Fingerprint): Promise<SafetyNumber> {
    return Promise.resolve(this.#parts.comparison.safetyNumber(fingerprint))
  }

  async compareSafetyQr(fingerprint: Fingerprint, payload: string): Promise<'match' | 'mismatch'> {
    return Promise.resolve(this.#parts.comparison.compareCode(fingerprint, payload))
  }

  publicKey(fingerprint: Fingerprint, options: AbortOptions = {}): Promise<string> {
    return this.#parts.comparison.publicKey(fingerprint, options)
  }

  async vouch(about: Fingerprint, to: Fingerprint): Promise<void> {
    await this.#finder.require(to)
    await this.#trust.give(about, to, (_to, vouch) =>
      this.#conversations.vouch(to, about, vouch, 'vouched'),
    )
  }

  withdrawVouch(about: Fingerprint): Promise<void> {
    return this.#trust.withdraw(about, (to, vouch) =>
      this.#conversations.vouch(to, about, vouch, 'vouch-withdrawn'),
    )
  }

  trust(fingerprint: Fingerprint): PersonTrust {
    return this.#trust.of(fingerprint)
  }

  resolveAlarm(
    fingerprint: Fingerprint,
    decision: 'keep' | 'accept',
    stranger: Fingerprint,
  ): Promise<Conversation> {
    return this.#conversations.resolveAlarm(fingerprint, decision, stranger)
  }

  rooms(): Room[] {
    return this.#rooms.list()
  }

  joinRoom(name: string): Promise<Room> {
    return this.#rooms.join(name)
  }

  leaveRoom(name: string): Promise<void> {
    return this.#rooms.leave(name)
  }

  sendToRoom(name: string, text: string): Promise<RoomMessage> {
    return this.#rooms.send(name, text)
  }

  roomMessages(name: string): RoomMessage[] {
    return this.#rooms.messages(name).filter(({ author }) => !this.#conversations.isBlocked(author))
  }

  markRoomRead(name: string): void {
    this.#rooms.markRead(name)
  }

  storage(): StorageState {
    return this.#parts.storage.state
  }

  preferences(): Preferences {
    return this.#parts.preferences.current
  }

  updatePreferences(change: PreferencesChange): Promise<Preferences> {
    return this.#parts.preferences.update(change)
  }

  refusals(): Readonly<Record<string, number>> {
    return this.#parts.refusals.counts()
  }

  /** Goes by a name from now on, towards everybody. */
  async #use(name: string): Promise<void> {
    this.#directory.setName(name)
    await this.#rooms.setName(name)
    this.#onSelfChange()
  }

  readonly #onSelfChange = (): void => {
    this.#emit('self:change', this.self)
  }

  #emit<Type extends keyof ChatEvents>(type: Type, detail: ChatEvents[Type]['detail']): void {
    this.safeDispatchEvent(type, { detail })
  }
}
