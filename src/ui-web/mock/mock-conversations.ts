import type {
  ChatMessage,
  ChatNote,
  Conversation,
  ConversationSettings,
  Fingerprint,
  Link,
  Person,
  SearchHit,
  SendOptions,
} from '../../chat/api.ts'
import { mockError } from './mock-errors.ts'
import { ARABIC, ASKING, BORIS, CHANGED, FAILING, IMPOSTOR, MEI, OFFLINE } from './cast.ts'
import { deleteMock, editMock, MOCK_COVER, MOCK_SETTINGS, reactMock } from './mock-amendments.ts'
import { revealMock } from './mock-burning.ts'
import { mockSearch } from './mock-search.ts'
import { pause } from './pause.ts'
import { fakeMessage } from './script.ts'

const CONNECT_MS = 1_200
const SEND_MS = 500
const DELIVER_MS = 700
const REPLY_MS = 1_600
const UPGRADE_MS = 8_000

export interface MockConversationEvents {
  onPerson(person: Person): void
  onConversation(conversation: Conversation): void
  onMessage(message: ChatMessage): void
  onMessageChange(message: ChatMessage): void
  onMessageGone(id: string, conversation: Fingerprint): void
  onGone(conversation: Fingerprint): void
}

/** The private half of the fake core: links that come up in their own time, messages that move on by states. */
export class MockConversations {
  readonly people = new Map<Fingerprint, Person>()
  readonly #conversations = new Map<Fingerprint, Conversation>()
  readonly #messages: ChatMessage[] = []
  readonly #events: MockConversationEvents
  #counter = 0

  constructor(
    events: MockConversationEvents,
    people: readonly Person[],
    messages: readonly ChatMessage[],
  ) {
    this.#events = events
    for (const person of people) this.people.set(person.fingerprint, person)
    for (const message of messages) {
      this.#messages.push(message)
      this.#put(this.#conversationWith(message.conversation))
    }
    this.#setUnread(BORIS.fingerprint, 2)
    this.#playLife()
    const changed = this.#conversations.get(CHANGED.fingerprint)
    if (changed === undefined) return
    this.#put({
      ...changed,
      alarm: { kind: 'identity-changed', fingerprint: IMPOSTOR.fingerprint },
    })
  }

  list(): Conversation[] {
    return [...this.#conversations.values()].filter(({ request }) => request !== true)
  }

  requests(): Conversation[] {
    return [...this.#conversations.values()].filter(({ request }) => request === true)
  }

  blocked(): Person[] {
    return this.list()
      .filter(({ blocked }) => blocked === true)
      .map(({ person }) => person)
  }

  accept(fingerprint: Fingerprint): Conversation {
    const accepted = without(this.#conversationWith(fingerprint), 'request')
    this.#put(accepted)
    this.setPerson({ ...accepted.person, known: true })
    return this.open(fingerprint)
  }

  /** Forgets a request; a contact is blocked, and stays. */
  refuse(fingerprint: Fingerprint): void {
    const conversation = this.#conversationWith(fingerprint)
    if (conversation.request === true) {
      this.#conversations.delete(fingerprint)
      this.#events.onGone(fingerprint)
    } else this.#put({ ...conversation, blocked: true, link: { state: 'offline' } })
  }

  unblock(fingerprint: Fingerprint): void {
    this.#put(without(this.#conversationWith(fingerprint), 'blocked'))
  }

  update(fingerprint: Fingerprint, settings: Partial<ConversationSettings>): Conversation {
    const before = this.#conversationWith(fingerprint)
    this.#put({ ...before, settings: { ...before.settings, ...settings } })
    const { disappearing } = settings
    if (disappearing !== undefined && disappearing !== before.settings.disappearing) {
      this.noteTo(fingerprint, {
        code: 'disappearing-changed',
        side: 'ours',
        seconds: disappearing,
      })
    }
    return this.#conversationWith(fingerprint)
  }

  setDraft(fingerprint: Fingerprint, draft: string): void {
    const rest = without(this.#conversationWith(fingerprint), 'draft')
    this.#put(draft === '' ? rest : { ...rest, draft })
  }

  find(id: string): ChatMessage | undefined {
    return this.#messages.find((message) => message.id === id)
  }

  /** Makes something else of a message. */
  amend(id: string, change: (message: ChatMessage) => ChatMessage): ChatMessage {
    const message = this.find(id)
    if (message === undefined) throw mockError('EditRefusedError', 'no such message')
    const changed = change(message)
    this.#change(changed)
    return changed
  }

  remove(id: string, conversation: Fingerprint): void {
    const at = this.#messages.findIndex((message) => message.id === id)
    if (at !== -1) this.#messages.splice(at, 1)
    this.#events.onMessageGone(id, conversation)
    this.#put(this.#conversationWith(conversation))
  }

  messages(conversation: Fingerprint): ChatMessage[] {
    return this.#messages.filter((message) => message.conversation === conversation)
  }

  open(fingerprint: Fingerprint): Conversation {
    const known = this.#conversations.get(fingerprint)
    const conversation = known ?? this.#conversationWith(fingerprint)
    this.#put(conversation)
    const isQuiet = conversation.request === true || conversation.blocked === true
    if (conversation.link.state === 'offline' && !isQuiet) void this.connect(fingerprint)
    return this.#conversationWith(fingerprint)
  }

  async connect(fingerprint: Fingerprint): Promise<Conversation> {
    this.#setLink(fingerprint, { state: 'connecting' })
    await pause(CONNECT_MS)
    const person = this.#person(fingerprint)
    if (fingerprint === CHANGED.fingerprint) {
      return this.#setLink(fingerprint, { state: 'offline', reason: 'identity-changed' })
    }
    if (!person.online) {
      this.#setLink(fingerprint, { state: 'offline', reason: 'peer-offline' })
      this.#put({ ...this.#conversationWith(fingerprint), contact: mockSearch(0) })
      return this.#conversationWith(fingerprint)
    }
    const relayed = fingerprint === BORIS.fingerprint
    if (relayed) void this.#upgradeLater(fingerprint)
    this.setPerson({ ...person, known: true })
    return this.#setLink(fingerprint, secure(person, relayed ? 'relayed' : 'direct'))
  }

  send(conversation: Fingerprint, text: string, { replyTo }: SendOptions = {}): ChatMessage {
    const { settings, blocked } = this.#conversationWith(conversation)
    if (blocked === true) throw mockError('PersonBlockedError', 'blocked')
    const message: ChatMessage = {
      ...fakeMessage(this.#person(conversation), text, 'queued', Date.now(), this.#counter++),
      ...(replyTo !== undefined && { replyTo }),
      ...(settings.disappearing > 0 && { disappearsAfter: settings.disappearing }),
    }
    this.#add(message)
    void this.#carry(message)
    return message
  }

  reveal(id: string): string {
    const { text, after } = revealMock(this.#messages.find((one) => one.id === id))
    this.#change(after)
    return text
  }

  search(query: string): SearchHit[] {
    const word = query.trim().toLowerCase()
    return this.#messages
      .filter(({ text, note }) => note === undefined && text.toLowerCase().includes(word))
      .map((message) => {
        const start = message.text.toLowerCase().indexOf(word)
        return { message, matches: [[start, start + word.length]] as const }
      })
      .reverse()
  }

  retry(id: string): void {
    const message = this.#messages.find((one) => one.id === id)
    if (message?.state !== 'failed') return
    const { id: same, conversation, author, outgoing, text, timestamp } = message
    const again = {
      id: same,
      conversation,
      author,
      outgoing,
      text,
      timestamp,
      state: 'queued',
    } as const
    this.#change(again)
    void this.#carry(again)
  }

  markRead(conversation: Fingerprint): void {
    this.#setUnread(conversation, 0)
  }

  resolveAlarm(
    fingerprint: Fingerprint,
    decision: 'keep' | 'accept',
    stranger: Fingerprint,
  ): Conversation {
    const { alarm, ...calm } = this.#conversationWith(fingerprint)
    if (alarm?.fingerprint !== stranger) return this.#conversationWith(fingerprint)
    if (decision === 'keep') {
      const kept = { ...calm, alarm: { ...alarm, decision } }
      this.#put(kept)
      return kept
    }
    this.#put({ ...calm, replacedBy: stranger })
    this.setPerson({ ...IMPOSTOR, known: true })
    this.#note(calm.person, { code: 'identity-accepted', side: 'ours', fingerprint: stranger })
    this.#note(IMPOSTOR, { code: 'identity-accepted', side: 'theirs', fingerprint })
    return this.#conversationWith(stranger)
  }

  noteTo(fingerprint: Fingerprint, note: ChatNote): void {
    this.#note(this.#person(fingerprint), note)
  }

  setPerson(person: Person): void {
    this.people.set(person.fingerprint, person)
    this.#events.onPerson(person)
    const conversation = this.#conversations.get(person.fingerprint)
    if (conversation !== undefined) this.#put({ ...conversation, person })
  }

  async #carry(message: ChatMessage): Promise<void> {
    await pause(SEND_MS)
    const person = this.#person(message.conversation)
    if (!person.online && person.fingerprint !== FAILING.fingerprint) {
      this.#change({ ...message, reason: 'peer-offline' })
      const conversation = this.#conversationWith(message.conversation)
      this.#put({ ...conversation, contact: mockSearch((conversation.contact?.waiting ?? 0) + 1) })
      return
    }
    this.#change({ ...message, state: 'sent' })
    await pause(DELIVER_MS)
    this.#change({ ...message, state: 'delivered' })
    this.#put({ ...this.#conversationWith(message.conversation), typing: true })
    await pause(REPLY_MS)
    this.#put(without(this.#conversationWith(message.conversation), 'typing'))
    this.#add(
      fakeMessage(person, `“${message.text}”, yes.`, 'received', Date.now(), this.#counter++),
    )
  }

  /** Some of everything that can be done with a message or a conversation, where the story has begun. */
  #playLife(): void {
    const of = ({ fingerprint }: Person): ChatMessage[] => this.messages(fingerprint)
    const ours = of(MEI).filter(({ outgoing }) => outgoing)
    const [first, second, last] = [ours[0], ours[1], ours.at(-1)]
    const question = of(MEI).find(({ text }) => text.endsWith('yet?'))
    if (first === undefined || second === undefined || last === undefined) return
    this.#change({ ...first, state: 'read' })
    const edited = editMock({ ...second, state: 'read' }, `${second.text} ✅`)
    this.#change(reactMock(edited, '❤️', MEI.fingerprint))
    this.#change({ ...last, ...(question !== undefined && { replyTo: question.id }) })
    const kept = of(ARABIC).findLast(({ outgoing }) => outgoing)
    if (kept !== undefined) this.#change({ ...kept, state: 'stored', storedAt: 2 })
    const [gone] = of(BORIS)
    if (gone !== undefined) this.#change(deleteMock(gone))
    const [arabic] = of(ARABIC)
    if (arabic !== undefined) this.#change(reactMock(arabic, '❤️'))
    this.#setSettings(ARABIC, { muted: true })
    this.#setSettings(BORIS, { disappearing: 3600 })
    this.setDraft(OFFLINE.fingerprint, 'And the code is')
    this.#put({ ...this.#conversationWith(BORIS.fingerprint), missing: 2 })
    this.people.set(ASKING.fingerprint, ASKING)
    for (const text of ['Hello! We met at the fair.', 'May I ask you about the lamps?']) {
      this.#messages.push(
        fakeMessage(ASKING, text, 'received', Date.now() - 500_000, this.#counter++),
      )
    }
    this.#put({ ...this.#conversationWith(ASKING.fingerprint), request: true, unread: 2 })
  }

  #setSettings({ fingerprint }: Person, settings: Partial<ConversationSettings>): void {
    const conversation = this.#conversationWith(fingerprint)
    this.#put({ ...conversation, settings: { ...conversation.settings, ...settings } })
  }

  async #upgradeLater(fingerprint: Fingerprint): Promise<void> {
    await pause(UPGRADE_MS)
    this.#setLink(fingerprint, secure(this.#person(fingerprint), 'direct'))
  }

  #add(message: ChatMessage): void {
    this.#messages.push(message)
    const conversation = this.#conversationWith(message.conversation)
    const unread = conversation.unread + (message.outgoing ? 0 : 1)
    this.#events.onMessage(message)
    this.#put({ ...conversation, unread, lastMessage: message })
  }

  #note(person: Person, note: ChatNote): void {
    this.#add({ ...fakeMessage(person, '', 'received', Date.now(), this.#counter++), note })
  }

  #change(message: ChatMessage): void {
    this.#messages[this.#messages.findIndex(({ id }) => id === message.id)] = message
    this.#events.onMessageChange(message)
    const conversation = this.#conversations.get(message.conversation)
    if (conversation?.lastMessage?.id === message.id)
      this.#put({ ...conversation, lastMessage: message })
  }

  #person(fingerprint: Fingerprint): Person {
    const person = this.people.get(fingerprint)
    if (person === undefined) throw mockError('PersonNotFoundError', 'nobody of that fingerprint')
    return person
  }

  #conversationWith(fingerprint: Fingerprint): Conversation {
    const known = this.#conversations.get(fingerprint)
    return {
      id: fingerprint,
      person: this.#person(fingerprint),
      link: known?.link ?? { state: 'offline' },
      unread: known?.unread ?? 0,
      lastMessage: this.#messages.findLast(({ conversation }) => conversation === fingerprint),
      settings: known?.settings ?? MOCK_SETTINGS,
      cover: known?.cover ?? MOCK_COVER,
      ...(known?.contact === undefined ? {} : { contact: known.contact }),
      ...(known?.missing === undefined ? {} : { missing: known.missing }),
      ...(known?.request === undefined ? {} : { request: known.request }),
      ...(known?.blocked === undefined ? {} : { blocked: known.blocked }),
      ...(known?.typing === undefined ? {} : { typing: known.typing }),
      ...(known?.draft === undefined ? {} : { draft: known.draft }),
      ...(known?.alarm === undefined ? {} : { alarm: known.alarm }),
      ...(known?.replacedBy === undefined ? {} : { replacedBy: known.replacedBy }),
    }
  }

  #setLink(fingerprint: Fingerprint, link: Link): Conversation {
    const before = this.#conversationWith(fingerprint)
    const conversation = {
      ...(link.state === 'secure' ? without(before, 'contact') : before),
      link,
    }
    this.#put(conversation)
    return conversation
  }

  #setUnread(fingerprint: Fingerprint, unread: number): void {
    const conversation = this.#conversations.get(fingerprint)
    if (conversation !== undefined) this.#put({ ...conversation, unread })
  }

  #put(conversation: Conversation): void {
    this.#conversations.set(conversation.id, conversation)
    this.#events.onConversation(conversation)
  }
}

function secure(person: Person, path: 'direct' | 'relayed'): Link {
  const direct = person.multiaddrs[0] ?? ''
  const relayed = `/dns4/relay.example/tcp/443/wss/p2p/12D3KooWRelay/p2p-circuit/p2p/${person.peerId}`
  return {
    state: 'secure',
    path,
    since: Date.now(),
    multiaddr: path === 'direct' ? direct : relayed,
    rttMs: path === 'direct' ? 12 : 84,
    bytesSent: 34 * 1024,
    bytesReceived: 5 * 1024 * 1024,
    ...(path === 'direct' ? {} : { upgrade: { state: 'trying', reason: 'hole-punch-failed' } }),
  }
}

function without(
  conversation: Conversation,
  field: 'request' | 'blocked' | 'contact' | 'draft' | 'typing',
): Conversation {
  return Object.fromEntries(
    Object.entries(conversation).filter(([name]) => name !== field),
  ) as unknown as Conversation
}
