import { isPeerId } from '@libp2p/interface'
import { TypedEventEmitter } from 'main-event'
import { InvalidVouchError } from '../crypto/errors.ts'
import { spkiToPem } from '../crypto/pem.ts'
import { safetyCode, safetyCodeMatches, safetyNumber } from '../crypto/safety-number.ts'
import { Connector } from './connectivity/connector.ts'
import { Conversations } from './conversation/conversations.ts'
import { directChat, type DirectChat, type OpenedChannel } from './direct/index.ts'
import { directory, type Directory, type VerifiedProfile } from './directory/index.ts'
import { PersonNotFoundError } from './errors.ts'
import { PublicKeyUnknownError } from './people/errors.ts'
import { letters, type Letters, type LettersInit } from './letters/index.ts'
import { mailboxes, type Mailboxes } from './mailbox/index.ts'
import { People } from './people/people.ts'
import { PublicKeys } from './people/public-keys.ts'
import { parseQuery, toConnectError, type Query } from './people/reach.ts'
import { Prekeys } from './prekeys/prekeys.ts'
import { Refusals } from './refusals.ts'
import { rooms, type Rooms } from './rooms/index.ts'
import { MessageSearch } from './search/message-search.ts'
import { Trust } from './trust/trust.ts'
import type {
  Chat,
  ChatEvents,
  ChatMessage,
  Conversation,
  ConversationSettings,
  Fingerprint,
  LookupResult,
  Person,
  PersonTrust,
  Room,
  RoomMessage,
  SafetyNumber,
  SearchHit,
  SearchOptions,
  SelfInfo,
  SendOptions,
} from './api.ts'
import type { StrangerPolicy } from './requests/strangers.ts'
import type { Network } from './connectivity/network.ts'
import type { BurnKeys } from './burn/burn-keys.ts'
import type { CryptoPort } from '../crypto/port.ts'
import type { RatchetProtocol } from '../crypto/session-protocol.ts'
import type { Identity } from './identity/identity.ts'
import type { RecordStore } from './store/record-store.ts'
import type { VouchContent } from './trust/vouch-content.ts'
import type { GossipSub } from '@libp2p/gossipsub'
import type { AbortOptions, ComponentLogger, Libp2p, Logger } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'

export interface ChatComponents {
  readonly libp2p: Libp2p
  readonly dht: KadDHT
  readonly pubsub: GossipSub
  readonly logger: ComponentLogger
  readonly crypto: CryptoPort
  readonly sessions: RatchetProtocol
  readonly records: RecordStore
  readonly burnKeys: BurnKeys
  readonly network: Network
}

export interface ChatInit {
  readonly identity: Identity
  /** Whether to carry rooms for others: nodes do, browsers do not. */
  readonly carryRooms: boolean
  /** What becomes of a key that is seen for the first time. @default 'request' */
  readonly strangers?: StrangerPolicy
  /** Whether to keep letters for others: nodes do, browsers do not. @default false */
  readonly keepLetters?: boolean
  /** How long letters wait for better ways; for tests. */
  readonly letterTiming?: LetterTiming
  readonly now?: () => number
}

export type LetterTiming = Pick<LettersInit, 'delayMs' | 'collectIntervalMs' | 'acknowledgeDelayMs'>

interface SelfRecord {
  readonly name?: string
}

const SELF_PATH = 'self'

/** The chat core: everything below put together behind the one interface that terminal, page and API use. */
export class ChatCore extends TypedEventEmitter<ChatEvents> implements Chat {
  readonly #components: ChatComponents
  readonly #identity: Identity
  readonly #log: Logger
  readonly #people: People
  readonly #publicKeys: PublicKeys
  readonly #trust: Trust
  readonly #refusals: Refusals
  readonly #direct: DirectChat
  readonly #directory: Directory
  readonly #rooms: Rooms
  readonly #conversations: Conversations
  readonly #search: MessageSearch
  readonly #connector: Connector
  readonly #prekeys: Prekeys
  readonly #mailboxes: Mailboxes
  readonly #letters: Letters
  #name: string | undefined

  constructor(components: ChatComponents, init: ChatInit) {
    super()
    const { libp2p, dht, pubsub, logger, crypto, sessions, records, network } = components
    const { identity } = init
    const now = init.now ?? Date.now
    this.#components = components
    this.#identity = identity
    this.#log = logger.forComponent('sotto:chat')
    this.#refusals = new Refusals((refusal) => this.#emit('refusal', refusal))
    this.#people = new People(records, (person) => {
      this.#emit('person:change', person)
      this.#conversations.personChanged(person)
    })
    this.#publicKeys = new PublicKeys(crypto, records)
    this.#trust = new Trust({
      crypto,
      identity,
      records,
      people: this.#people,
      now,
      onChange: (subject) => this.#emit('trust:change', subject),
    })
    const onRefusal = (error: Error, peer: { toString(): string }): void => {
      this.#refusals.add(error, peer.toString(), now())
    }
    this.#direct = directChat(
      { libp2p, logger, crypto, sessions },
      {
        identity,
        now,
        onRefusal,
        welcome: (peer) => this.#conversations.welcome(peer.toString()),
        onChannel: (opened) => {
          this.#attach(opened).catch((err: unknown) => {
            this.#log.error('a conversation could not be opened - %e', err)
          })
        },
      },
    )
    this.#prekeys = new Prekeys({ crypto, identity, records, now })
    this.#mailboxes = mailboxes(
      { libp2p, dht, logger, crypto, records },
      { serve: init.keepLetters === true, now, onRefusal },
    )
    this.#directory = directory(
      { libp2p, dht, logger, crypto },
      {
        identity,
        now,
        letters: async () => ({
          bundle: await this.#prekeys.bundle(),
          mailboxKey: this.#mailboxes.contact.publicKey,
        }),
      },
    )
    this.#rooms = rooms(
      { pubsub, logger, crypto },
      {
        identity,
        peerId: libp2p.peerId,
        now,
        carry: init.carryRooms,
        onRefusal,
        onRoom: (room) => this.#emit('room:change', room),
        onMessage: (message) => {
          if (!this.#conversations.isBlocked(message.author)) this.#emit('room:message', message)
        },
        onMember: (member, present) => {
          if (member.fingerprint === identity.fingerprint) return
          this.#people.saw(member)
          this.#setPresence(member.fingerprint, present)
        },
      },
    )
    this.#connector = new Connector(
      {
        libp2p,
        network,
        openOn: (connection, options) => this.#direct.openOn(connection, options),
        lookup: async (peer, options) =>
          (await this.#directory.findByPeer(peer, options))?.multiaddrs ?? [],
      },
      {
        onDoubt: () => this.#conversations.doubt(),
        onChance: () => this.#conversations.chance(),
        onAddresses: () => this.#conversations.tellAddresses(),
        onConnection: (peerId) => this.#conversations.connected(peerId),
      },
    )
    this.#search = new MessageSearch({
      messages: () => this.#conversations.everyMessage(),
      message: (conversation, id) => this.#conversations.message(conversation, id),
    })
    this.#conversations = new Conversations({
      crypto,
      identity,
      now,
      records,
      burnKeys: components.burnKeys,
      people: this.#people,
      ownPeerId: libp2p.peerId.toString(),
      ownName: () => this.#name,
      takeVouch: (from, content) => this.#takeVouch(from, content),
      ownAddresses: () => libp2p.getMultiaddrs(),
      connector: this.#connector,
      onChange: (conversation) => this.#emit('conversation:change', conversation),
      onMessage: (message) => {
        this.#search.changed(message)
        this.#emit('message', message)
      },
      onMessageChange: (message) => {
        this.#search.changed(message)
        this.#emit('message:change', message)
      },
      onMessageGone: (id, conversation) => {
        this.#search.gone(id)
        this.#emit('message:gone', { id, conversation })
      },
      onGone: (conversation) => this.#emit('conversation:gone', conversation),
      strangers: init.strangers ?? 'request',
      letters: {
        notice: (fingerprint) => {
          this.#letters.notice(fingerprint)
        },
        card: (fingerprint) => this.#letters.card(fingerprint),
        heard: (fingerprint, card) => this.#letters.heard(fingerprint, card),
      },
      onRefusal: (error, opened) => onRefusal(error, opened.remote.peerId),
    })
    this.#letters = letters(
      {
        libp2p,
        logger,
        crypto,
        sessions,
        records,
        mailboxes: this.#mailboxes,
        prekeys: this.#prekeys,
        directory: this.#directory,
      },
      {
        identity,
        now,
        ...init.letterTiming,
        correspondence: this.#conversations.correspondence,
        ownName: () => this.#name,
        onRefusal: (error) => {
          onRefusal(error, '')
        },
      },
    )
  }

  /** Reads what is kept and joins the network. */
  async start(): Promise<void> {
    const { libp2p, records } = this.#components
    await this.#people.load()
    await this.#components.burnKeys.load()
    await this.#trust.load()
    await this.#prekeys.start()
    await this.#mailboxes.start()
    await this.#conversations.load()
    await this.#direct.start()
    this.#connector.start()
    this.#directory.start()
    this.#letters.start()
    await this.#rooms.start()
    for (const event of ['peer:connect', 'peer:disconnect', 'self:peer:update'] as const) {
      libp2p.addEventListener(event, this.#onSelfChange)
    }
    const { name } = (await records.get<SelfRecord>(SELF_PATH)) ?? {}
    if (name !== undefined) await this.#use(name)
  }

  async stop(): Promise<void> {
    const { libp2p, records } = this.#components
    for (const event of ['peer:connect', 'peer:disconnect', 'self:peer:update'] as const) {
      libp2p.removeEventListener(event, this.#onSelfChange)
    }
    await Promise.all([this.#directory.stop(), this.#letters.stop()])
    await this.#mailboxes.stop()
    this.#prekeys.stop()
    await this.#rooms.stop()
    this.#connector.stop()
    await this.#conversations.stop()
    await this.#direct.stop()
    this.#search.stop()
    await this.#components.burnKeys.close()
    await records.close()
  }

  get self(): SelfInfo {
    const { libp2p } = this.#components
    return {
      fingerprint: this.#identity.fingerprint,
      peerId: libp2p.peerId.toString(),
      name: this.#name,
      multiaddrs: libp2p.getMultiaddrs().map((address) => address.toString()),
      connections: libp2p.getPeers().length,
    }
  }

  async register(name: string, options: AbortOptions = {}): Promise<number> {
    const cleaned = this.#directory.setName(name)
    await this.#components.records.put(SELF_PATH, { name: cleaned } satisfies SelfRecord)
    await this.#use(cleaned)
    return this.#directory.publish(options)
  }

  async lookup(query: string, options: AbortOptions = {}): Promise<LookupResult> {
    const parsed = parseQuery(query)
    const people = await this.#find(parsed, options)
    if (people.length === 0) throw new PersonNotFoundError('nobody was found')
    people.sort((a, b) => Number(b.known) - Number(a.known))
    return { query, kind: parsed.kind, people }
  }

  people(): Person[] {
    return this.#people.all()
  }

  conversations(): Conversation[] {
    return this.#conversations.list()
  }

  async open(fingerprint: Fingerprint): Promise<Conversation> {
    await this.#require(fingerprint)
    return this.#conversations.open(fingerprint)
  }

  async connect(fingerprint: Fingerprint, options: AbortOptions = {}): Promise<Conversation> {
    await this.#require(fingerprint)
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
    await this.#require(conversation)
    return this.#conversations.send(conversation, text, options)
  }

  retry(messageId: string): Promise<void> {
    return this.#conversations.retry(messageId)
  }

  markRead(conversation: Fingerprint): Promise<void> {
    return this.#conversations.markRead(conversation)
  }

  async reveal(conversation: Fingerprint, messageId: string): Promise<string> {
    await this.#require(conversation)
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

  safetyNumber(fingerprint: Fingerprint): Promise<SafetyNumber> {
    const own = this.#identity.fingerprint
    return Promise.resolve().then(() => ({
      digits: safetyNumber(this.#components.crypto, own, fingerprint),
      qr: safetyCode(own, fingerprint),
    }))
  }

  compareSafetyQr(fingerprint: Fingerprint, payload: string): Promise<'match' | 'mismatch'> {
    return Promise.resolve().then(() =>
      safetyCodeMatches(payload.trim(), this.#identity.fingerprint, fingerprint)
        ? 'match'
        : 'mismatch',
    )
  }

  async publicKey(fingerprint: Fingerprint, options: AbortOptions = {}): Promise<string> {
    const { signing } = this.#identity
    if (fingerprint === this.#identity.fingerprint) return spkiToPem(signing.publicKey.spki)
    const kept = await this.#publicKeys.get(fingerprint)
    if (kept !== undefined) return spkiToPem(kept)
    const profile = await this.#directory.findByFingerprint(fingerprint, options)
    if (profile === undefined) throw new PublicKeyUnknownError('nobody has told us this key yet')
    return spkiToPem(profile.identity.verifyingKey.spki)
  }

  async vouch(about: Fingerprint, to: Fingerprint): Promise<void> {
    const vouch = await this.#trust.give(about, to)
    await this.#require(to)
    await this.#conversations.vouch(to, about, vouch)
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

  refusals(): Readonly<Record<string, number>> {
    return this.#refusals.counts()
  }

  /** Goes by a name from now on, towards everybody. */
  async #use(name: string): Promise<void> {
    this.#name = name
    this.#directory.setName(name)
    await this.#rooms.setName(name)
    this.#conversations.announceName()
    this.#onSelfChange()
  }

  async #find(query: Query, options: AbortOptions): Promise<Person[]> {
    switch (query.kind) {
      case 'name': {
        const profiles = await this.#directory.findByName(query.name, options)
        return this.#others(profiles)
      }
      case 'fingerprint': {
        const profile = await this.#directory.findByFingerprint(query.fingerprint, options)
        if (profile !== undefined) return this.#others([profile])
        const known = this.#people.get(query.fingerprint)
        return known === undefined ? [] : [known]
      }
      case 'peer-id': {
        const profile = await this.#directory.findByPeer(query.peerId, options)
        return profile === undefined ? this.#meet(query.peerId, options) : this.#others([profile])
      }
      case 'multiaddr':
        return this.#meet(query.multiaddr, options)
    }
  }

  /** Finds out who is at an address by shaking hands with them. @throws ConnectError */
  async #meet(target: Parameters<DirectChat['open']>[0], options: AbortOptions): Promise<Person[]> {
    try {
      const { signal } = options
      const opened = isPeerId(target)
        ? await this.#connector.open({ peerId: target.toString(), multiaddrs: [] }, [], signal)
        : await this.#direct.open(target, signal ? { signal } : {})
      await this.#attach(opened)
      const person = this.#people.get(opened.remote.fingerprint)
      return person === undefined ? [] : [person]
    } catch (err) {
      throw toConnectError(err)
    }
  }

  #others(profiles: readonly VerifiedProfile[]): Person[] {
    return profiles
      .filter(({ identity }) => identity.fingerprint !== this.#identity.fingerprint)
      .map(({ identity, name, multiaddrs }) =>
        this.#people.saw({
          fingerprint: identity.fingerprint,
          peerId: identity.peerId.toString(),
          name,
          multiaddrs: multiaddrs.map((address) => address.toString()),
        }),
      )
  }

  /** A vouch that does not hold is counted and forgotten: acknowledged, or it would come again for ever. */
  async #takeVouch(from: Fingerprint, content: VouchContent): Promise<Fingerprint | undefined> {
    try {
      return await this.#trust.take(from, content)
    } catch (err) {
      if (!(err instanceof InvalidVouchError)) throw err
      this.#refusals.add(err, this.#people.get(from)?.peerId ?? '', Date.now())
      return undefined
    }
  }

  /** Takes a channel, and the key of whoever is at its other end. */
  async #attach(opened: OpenedChannel): Promise<void> {
    const isContact = await this.#conversations.attach(opened)
    // strangers leave nothing behind
    if (isContact) await this.#publicKeys.keep(opened.remote.verifyingKey.spki)
  }

  async #require(fingerprint: Fingerprint): Promise<void> {
    if (this.#people.get(fingerprint) !== undefined) return
    const profile = await this.#directory.findByFingerprint(fingerprint)
    if (profile === undefined || this.#others([profile]).length === 0) {
      throw new PersonNotFoundError('nobody of that fingerprint is known')
    }
  }

  #setPresence(fingerprint: string, present: boolean): void {
    const conversation = this.conversations().find(({ id }) => id === fingerprint)
    this.#people.setOnline(fingerprint, present || conversation?.link.state === 'secure')
    if (present) void this.#conversations.nudge(fingerprint)
  }

  readonly #onSelfChange = (): void => {
    this.#emit('self:change', this.self)
  }

  #emit<Type extends keyof ChatEvents>(type: Type, detail: ChatEvents[Type]['detail']): void {
    this.safeDispatchEvent(type, { detail })
  }
}
