import { TypedEventEmitter } from 'main-event'
import { safetyCode, safetyCodeMatches, safetyNumber } from '../crypto/safety-number.ts'
import { Conversations } from './conversation/conversations.ts'
import { directChat, type DirectChat, type OpenedChannel } from './direct/index.ts'
import { directory, type Directory, type VerifiedProfile } from './directory/index.ts'
import { ConnectError, PersonNotFoundError } from './errors.ts'
import { People } from './people/people.ts'
import { dialTarget, parseQuery, toConnectError, type Query } from './people/reach.ts'
import { Refusals } from './refusals.ts'
import { rooms, type Rooms } from './rooms/index.ts'
import type {
  Chat,
  ChatEvents,
  ChatMessage,
  Conversation,
  Fingerprint,
  LookupResult,
  Person,
  Room,
  RoomMessage,
  SafetyNumber,
  SelfInfo,
} from './api.ts'
import type { CryptoPort } from '../crypto/port.ts'
import type { SessionProtocol } from '../crypto/session.ts'
import type { Identity } from './identity/identity.ts'
import type { RecordStore } from './store/record-store.ts'
import type { GossipSub } from '@libp2p/gossipsub'
import type { AbortOptions, ComponentLogger, Libp2p, Logger } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'
import type { Multiaddr } from '@multiformats/multiaddr'

export interface ChatComponents {
  readonly libp2p: Libp2p
  readonly dht: KadDHT
  readonly pubsub: GossipSub
  readonly logger: ComponentLogger
  readonly crypto: CryptoPort
  readonly sessions: SessionProtocol
  readonly records: RecordStore
}

export interface ChatInit {
  readonly identity: Identity
  /** Whether to carry rooms for others: nodes do, browsers do not. */
  readonly carryRooms: boolean
  readonly now?: () => number
}

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
  readonly #refusals: Refusals
  readonly #direct: DirectChat
  readonly #directory: Directory
  readonly #rooms: Rooms
  readonly #conversations: Conversations
  #name: string | undefined

  constructor(components: ChatComponents, init: ChatInit) {
    super()
    const { libp2p, dht, pubsub, logger, crypto, sessions, records } = components
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
    const onRefusal = (error: Error, peer: { toString(): string }): void => {
      this.#refusals.add(error, peer.toString(), now())
    }
    this.#direct = directChat(
      { libp2p, logger, crypto, sessions },
      {
        identity,
        now,
        onRefusal,
        onChannel: (opened) => {
          this.#conversations.attach(opened).catch((err: unknown) => {
            this.#log.error('a conversation could not be opened - %e', err)
          })
        },
      },
    )
    this.#directory = directory({ libp2p, dht, logger, crypto }, { identity, now })
    this.#rooms = rooms(
      { pubsub, logger, crypto },
      {
        identity,
        peerId: libp2p.peerId,
        now,
        carry: init.carryRooms,
        onRefusal,
        onRoom: (room) => this.#emit('room:change', room),
        onMessage: (message) => this.#emit('room:message', message),
        onMember: (member, present) => {
          if (member.fingerprint === identity.fingerprint) return
          this.#people.saw(member)
          this.#setPresence(member.fingerprint, present)
        },
      },
    )
    this.#conversations = new Conversations({
      crypto,
      identity,
      now,
      records,
      people: this.#people,
      ownPeerId: libp2p.peerId.toString(),
      ownName: () => this.#name,
      ownAddresses: () => libp2p.getMultiaddrs(),
      open: (person, signal) => this.#open(person, signal),
      onAddresses: (addresses, opened) => {
        void this.#tryDirectPath(addresses, opened)
      },
      onChange: (conversation) => this.#emit('conversation:change', conversation),
      onMessage: (message) => this.#emit('message', message),
      onMessageChange: (message) => this.#emit('message:change', message),
      onRefusal: (error, opened) => onRefusal(error, opened.remote.peerId),
    })
  }

  /** Reads what is kept and joins the network. */
  async start(): Promise<void> {
    const { libp2p, records } = this.#components
    await this.#people.load()
    await this.#conversations.load()
    await this.#direct.start()
    this.#directory.start()
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
    this.#directory.stop()
    await this.#rooms.stop()
    await this.#conversations.stop()
    await this.#direct.stop()
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

  async send(conversation: Fingerprint, text: string): Promise<ChatMessage> {
    await this.#require(conversation)
    return this.#conversations.send(conversation, text)
  }

  retry(messageId: string): Promise<void> {
    return this.#conversations.retry(messageId)
  }

  markRead(conversation: Fingerprint): Promise<void> {
    return this.#conversations.markRead(conversation)
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
    return this.#rooms.messages(name)
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
      const opened = await this.#direct.open(
        target,
        options.signal ? { signal: options.signal } : {},
      )
      await this.#conversations.attach(opened)
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

  async #require(fingerprint: Fingerprint): Promise<void> {
    if (this.#people.get(fingerprint) !== undefined) return
    const profile = await this.#directory.findByFingerprint(fingerprint)
    if (profile === undefined || this.#others([profile]).length === 0) {
      throw new PersonNotFoundError('nobody of that fingerprint is known')
    }
  }

  async #open(person: Person, signal?: AbortSignal): Promise<OpenedChannel> {
    const options = signal === undefined ? {} : { signal }
    try {
      return await this.#direct.open(await dialTarget(this.#components.libp2p, person), options)
    } catch (err) {
      throw toConnectError(err)
    }
  }

  /** Both sides know each other's addresses: whoever gets through first brings the conversation over. */
  async #tryDirectPath(addresses: Multiaddr[], relayed: OpenedChannel): Promise<void> {
    const direct = addresses.filter((address) => isDirect(address))
    if (direct.length === 0) return
    try {
      const opened = await this.#direct.open(direct)
      if (opened.remote.fingerprint !== relayed.remote.fingerprint) {
        opened.channel.abort(new ConnectError('identity-changed', 'somebody else is there'))
        return
      }
      await this.#conversations.attach(opened)
    } catch (err) {
      this.#log('no direct path to %p yet - %e', relayed.remote.peerId, err)
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

function isDirect(address: Multiaddr): boolean {
  const text = address.toString()
  return !text.includes('/p2p-circuit') || text.includes('/webrtc')
}
