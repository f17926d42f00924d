import { TypedEventEmitter } from 'main-event'
import type {
  Chat,
  ChatEvents,
  ChatMessage,
  ContactLink,
  ContactStep,
  Conversation,
  ConversationSettings,
  Fingerprint,
  LookupProgress,
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
  SendOptions,
  SelfInfo,
  StorageState,
} from '../../chat/api.ts'
import { mockError } from './mock-errors.ts'
import { CAST, fakeFingerprint, SELF, STRANGERS } from './cast.ts'
import { deleteMock, editMock, reactMock } from './mock-amendments.ts'
import { MockConversations } from './mock-conversations.ts'
import { MockRooms } from './mock-rooms.ts'
import { mockLinkOf } from './mock-links.ts'
import { fakePem, MockTrust } from './mock-trust.ts'
import { pause } from './pause.ts'
import type { Scene } from './scene.ts'
import { crowdedMessages, scriptedMessages } from './script.ts'

const REGISTER_MS = 700
const LOOKUP_MS = 900
const OPEN_MS = 150
/** A name that no node says anything about in time. */
const UNANSWERED_QUERY = 'no answer'
const FAILURES = { 'not-found': 'not-listed', unanswered: 'no-answer' } as const
const NAME = /^[\p{L}\p{N}\p{M}\p{Emoji_Presentation} ._-]{1,32}$/u

/** A core with no network under it that keeps every promise of `Chat`, delays and events included. */
export class MockChat extends TypedEventEmitter<ChatEvents> implements Chat {
  #self: SelfInfo
  readonly #conversations: MockConversations
  readonly #rooms: MockRooms
  readonly #trust = new MockTrust()
  #picture: Picture | undefined
  #preferences: Preferences = {
    presence: { shareOnline: true, shareAway: true, shareLastSeen: true },
    readReceipts: true,
    typing: true,
  }

  constructor(scene: Scene) {
    super()
    const alone = scene === 'first-visit' || scene === 'empty' || scene === 'no-network'
    this.#self = {
      fingerprint: SELF.fingerprint,
      peerId: SELF.peerId,
      name: scene === 'first-visit' ? undefined : SELF.name,
      multiaddrs: SELF.multiaddrs,
      connections: scene === 'no-network' ? 0 : 4,
    }
    this.#conversations = new MockConversations(
      {
        onPerson: (person) => this.safeDispatchEvent('person:change', { detail: person }),
        onConversation: (detail) => this.safeDispatchEvent('conversation:change', { detail }),
        onMessage: (message) => this.safeDispatchEvent('message', { detail: message }),
        onMessageChange: (message) => this.safeDispatchEvent('message:change', { detail: message }),
        onMessageGone: (id, conversation) =>
          this.safeDispatchEvent('message:gone', { detail: { id, conversation } }),
        onGone: (conversation) =>
          this.safeDispatchEvent('conversation:gone', { detail: conversation }),
      },
      scene === 'first-visit' || scene === 'empty' ? [] : CAST,
      historyOf(scene),
    )
    this.#rooms = new MockRooms(
      {
        onRoom: (room) => this.safeDispatchEvent('room:change', { detail: room }),
        onMessage: (message) => this.safeDispatchEvent('room:message', { detail: message }),
      },
      !alone,
    )
  }

  get self(): SelfInfo {
    return this.#self
  }

  async register(name: string): Promise<number> {
    await pause(REGISTER_MS)
    if (!NAME.test(name.trim())) throw mockError('InvalidNameError', 'not a name')
    this.#self = { ...this.#self, name: name.trim() }
    this.safeDispatchEvent('self:change', { detail: this.#self })
    return this.#self.connections
  }

  setStatus(text: string): Promise<void> {
    this.#setSelf({ status: text.trim() === '' ? undefined : text.trim() })
    return Promise.resolve()
  }

  setPicture(bytes: Uint8Array<ArrayBuffer> | undefined): Promise<void> {
    this.#picture = bytes && { type: 'image/webp', bytes }
    this.#setSelf({ picture: bytes && fakeFingerprint(`picture of ${bytes.byteLength} bytes`) })
    return Promise.resolve()
  }

  picture(fingerprint: Fingerprint): Promise<Picture | undefined> {
    return Promise.resolve(fingerprint === this.#self.fingerprint ? this.#picture : undefined)
  }

  setAttention(isHere: boolean): void {
    if (this.#self.away === isHere) this.#setSelf({ away: !isHere })
  }

  setAway(away: boolean): void {
    this.#setSelf({ away })
  }

  async lookup(query: string, options: { signal?: AbortSignal } = {}): Promise<LookupResult> {
    const linked = [...CAST, ...STRANGERS].find((one) =>
      query.toLowerCase().includes(mockLinkOf(one)),
    )
    if (linked !== undefined) {
      this.#conversations.people.set(linked.fingerprint, linked)
      return { query, kind: 'link', people: [linked] }
    }
    if (/sotto:/iu.test(query)) throw mockError('InvalidLinkError', 'damaged')
    this.#tellLookup(query, 'trying')
    await pause(LOOKUP_MS, options.signal)
    const wanted = query.trim().toLowerCase()
    if (wanted === UNANSWERED_QUERY) {
      this.#tellLookup(query, 'unanswered')
      throw mockError('LookupUnansweredError', 'the network did not answer in time')
    }
    const everybody = [...this.people(), ...STRANGERS.filter((one) => !this.#knows(one))]
    const people = everybody.filter(
      ({ name, fingerprint, peerId }) =>
        name?.toLowerCase() === wanted ||
        fingerprint === wanted.replace(/\s/gu, '') ||
        query.includes(peerId),
    )
    this.#tellLookup(query, people.length > 0 ? 'found' : 'not-found')
    if (people.length === 0) throw mockError('PersonNotFoundError', `nobody is called ${query}`)
    for (const person of people) this.#conversations.people.set(person.fingerprint, person)
    return { query, kind: kindOf(query), people: people.sort((a, b) => +b.known - +a.known) }
  }

  #tellLookup(query: string, state: LookupProgress['state']): void {
    const step: ContactStep =
      state === 'found' || state === 'trying'
        ? { way: 'directory', state: state === 'found' ? 'done' : 'trying' }
        : { way: 'directory', state: 'failed', reason: FAILURES[state] }
    this.safeDispatchEvent('lookup:change', {
      detail: { query, kind: kindOf(query), state, steps: [step] },
    })
  }

  async contactLink(): Promise<ContactLink> {
    await pause(OPEN_MS)
    return { uri: mockLinkOf(SELF), ways: this.#self.connections === 0 ? 0 : 3 }
  }

  people(): Person[] {
    return [...this.#conversations.people.values()]
  }

  conversations(): Conversation[] {
    return this.#conversations.list()
  }

  async open(fingerprint: Fingerprint): Promise<Conversation> {
    const stranger = STRANGERS.find((one) => one.fingerprint === fingerprint)
    if (stranger !== undefined && !this.#knows(stranger)) this.#conversations.setPerson(stranger)
    await pause(OPEN_MS)
    return this.#conversations.open(fingerprint)
  }

  async connect(fingerprint: Fingerprint): Promise<Conversation> {
    return await this.#conversations.connect(fingerprint)
  }

  async messages(conversation: Fingerprint): Promise<ChatMessage[]> {
    return this.#conversations.messages(conversation)
  }

  async send(
    conversation: Fingerprint,
    text: string,
    options: SendOptions = {},
  ): Promise<ChatMessage> {
    if (text === '') throw mockError('InvalidContentError', 'nothing to say')
    return this.#conversations.send(conversation, text, options)
  }

  async message(_conversation: Fingerprint, messageId: string): Promise<ChatMessage | undefined> {
    return this.#conversations.find(messageId)
  }

  async edit(_conversation: Fingerprint, messageId: string, text: string): Promise<ChatMessage> {
    return this.#conversations.amend(messageId, (message) => editMock(message, text))
  }

  async react(
    _conversation: Fingerprint,
    messageId: string,
    emoji: string | undefined,
  ): Promise<ChatMessage> {
    return this.#conversations.amend(messageId, (message) => reactMock(message, emoji))
  }

  async deleteMessage(
    conversation: Fingerprint,
    messageId: string,
    { forBoth = false }: { forBoth?: boolean } = {},
  ): Promise<void> {
    if (forBoth) this.#conversations.amend(messageId, deleteMock)
    else this.#conversations.remove(messageId, conversation)
  }

  setTyping(): void {
    // Nobody is there to be told.
  }

  async setDraft(conversation: Fingerprint, text: string): Promise<void> {
    this.#conversations.setDraft(conversation, text)
  }

  async updateSettings(
    conversation: Fingerprint,
    settings: Partial<ConversationSettings>,
  ): Promise<Conversation> {
    return this.#conversations.update(conversation, settings)
  }

  requests(): Conversation[] {
    return this.#conversations.requests()
  }

  async acceptRequest(fingerprint: Fingerprint): Promise<Conversation> {
    return this.#conversations.accept(fingerprint)
  }

  async declineRequest(fingerprint: Fingerprint): Promise<void> {
    this.#conversations.refuse(fingerprint)
  }

  async block(fingerprint: Fingerprint): Promise<void> {
    this.#conversations.refuse(fingerprint)
  }

  async unblock(fingerprint: Fingerprint): Promise<void> {
    this.#conversations.unblock(fingerprint)
  }

  blocked(): Person[] {
    return this.#conversations.blocked()
  }

  async reveal(_conversation: Fingerprint, messageId: string): Promise<string> {
    return this.#conversations.reveal(messageId)
  }

  async search(query: string, { limit = 50 }: SearchOptions = {}): Promise<SearchHit[]> {
    return this.#conversations.search(query).slice(0, limit)
  }

  async retry(messageId: string): Promise<void> {
    this.#conversations.retry(messageId)
  }

  async markRead(conversation: Fingerprint): Promise<void> {
    this.#conversations.markRead(conversation)
  }

  async setVerified(fingerprint: Fingerprint, verified: boolean): Promise<void> {
    const person = this.#conversations.people.get(fingerprint)
    if (person === undefined) throw mockError('PersonNotFoundError', 'nobody of that fingerprint')
    this.#conversations.setPerson({ ...person, verified })
  }

  async safetyNumber(fingerprint: Fingerprint): Promise<SafetyNumber> {
    const shared = fakeFingerprint([this.#self.fingerprint, fingerprint].sort().join())
    const digits = shared.replace(/[a-f]/gu, (digit) => String(Number.parseInt(digit, 16) - 10))
    return { digits: digits.slice(0, 60), qr: safetyCode(this.#self.fingerprint, fingerprint) }
  }

  async compareSafetyQr(fingerprint: Fingerprint, code: string): Promise<'match' | 'mismatch'> {
    if (!code.startsWith('SOTTO1:')) throw mockError('InvalidSafetyCodeError', 'not a safety code')
    return code === safetyCode(fingerprint, this.#self.fingerprint) ? 'match' : 'mismatch'
  }

  async publicKey(fingerprint: Fingerprint): Promise<string> {
    return fakePem(fingerprint)
  }

  async vouch(about: Fingerprint, to: Fingerprint): Promise<void> {
    if (this.#conversations.people.get(about)?.verified !== true) {
      throw mockError('VouchRefusedError', 'not verified')
    }
    this.#trust.tell(about, to)
    this.#conversations.noteTo(to, { code: 'vouched', side: 'ours', fingerprint: about })
    this.safeDispatchEvent('trust:change', { detail: about })
  }

  async withdrawVouch(about: Fingerprint): Promise<void> {
    for (const to of this.#trust.withdraw(about)) {
      this.#conversations.noteTo(to, { code: 'vouch-withdrawn', side: 'ours', fingerprint: about })
    }
    this.safeDispatchEvent('trust:change', { detail: about })
  }

  trust(fingerprint: Fingerprint): PersonTrust {
    return this.#trust.of(fingerprint, this.#conversations.people)
  }

  async resolveAlarm(
    fingerprint: Fingerprint,
    decision: 'keep' | 'accept',
    stranger: Fingerprint,
  ): Promise<Conversation> {
    return this.#conversations.resolveAlarm(fingerprint, decision, stranger)
  }

  rooms(): Room[] {
    return this.#rooms.list()
  }

  async joinRoom(name: string): Promise<Room> {
    return this.#rooms.join(name)
  }

  async leaveRoom(name: string): Promise<void> {
    this.#rooms.leave(name)
  }

  async sendToRoom(name: string, text: string): Promise<RoomMessage> {
    return this.#rooms.send(name, text)
  }

  roomMessages(name: string): RoomMessage[] {
    return this.#rooms.messages(name)
  }

  markRoomRead(name: string): void {
    this.#rooms.markRead(name)
  }

  storage(): StorageState {
    return 'ok'
  }

  preferences(): Preferences {
    return this.#preferences
  }

  updatePreferences(change: PreferencesChange): Promise<Preferences> {
    const presence = { ...this.#preferences.presence, ...change.presence }
    this.#preferences = { ...this.#preferences, ...change, presence }
    this.safeDispatchEvent('preferences:change', { detail: this.#preferences })
    return Promise.resolve(this.#preferences)
  }

  refusals(): Readonly<Record<string, number>> {
    return {}
  }

  async stop(): Promise<void> {
    // Nothing runs that would have to end.
  }

  #setSelf(change: Partial<SelfInfo>): void {
    this.#self = { ...this.#self, ...change }
    this.safeDispatchEvent('self:change', { detail: this.#self })
  }

  #knows({ fingerprint }: Person): boolean {
    return this.#conversations.people.has(fingerprint)
  }
}

function safetyCode(ours: Fingerprint, theirs: Fingerprint): string {
  return `SOTTO1:${ours}:${theirs}`.toUpperCase()
}

function historyOf(scene: Scene): ChatMessage[] {
  switch (scene) {
    case 'busy':
    case 'locked':
    case 'no-network':
      return scriptedMessages(Date.now())
    case 'crowd':
      return crowdedMessages(Date.now())
    case 'first-visit':
    case 'empty':
      return []
  }
}

function kindOf(query: string): LookupResult['kind'] {
  if (query.startsWith('/')) return 'multiaddr'
  if (/^[\da-f\s]{64,}$/iu.test(query)) return 'fingerprint'
  return query.startsWith('12D3') ? 'peer-id' : 'name'
}
