import type {
  ChatMessage,
  ChatNote,
  Conversation,
  Fingerprint,
  Link,
  Person,
} from '../../chat/api.ts'
import { mockError } from './mock-errors.ts'
import { BORIS, CHANGED, FAILING, IMPOSTOR } from './cast.ts'
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
    const changed = this.#conversations.get(CHANGED.fingerprint)
    if (changed === undefined) return
    this.#put({
      ...changed,
      alarm: { kind: 'identity-changed', fingerprint: IMPOSTOR.fingerprint },
    })
  }

  list(): Conversation[] {
    return [...this.#conversations.values()]
  }

  messages(conversation: Fingerprint): ChatMessage[] {
    return this.#messages.filter((message) => message.conversation === conversation)
  }

  open(fingerprint: Fingerprint): Conversation {
    const known = this.#conversations.get(fingerprint)
    const conversation = known ?? this.#conversationWith(fingerprint)
    this.#put(conversation)
    if (conversation.link.state === 'offline') void this.connect(fingerprint)
    return conversation
  }

  async connect(fingerprint: Fingerprint): Promise<Conversation> {
    this.#setLink(fingerprint, { state: 'connecting' })
    await pause(CONNECT_MS)
    const person = this.#person(fingerprint)
    if (fingerprint === CHANGED.fingerprint) {
      return this.#setLink(fingerprint, { state: 'offline', reason: 'identity-changed' })
    }
    if (!person.online)
      return this.#setLink(fingerprint, { state: 'offline', reason: 'peer-offline' })
    const relayed = fingerprint === BORIS.fingerprint
    if (relayed) void this.#upgradeLater(fingerprint)
    this.setPerson({ ...person, known: true })
    return this.#setLink(fingerprint, secure(person, relayed ? 'relayed' : 'direct'))
  }

  send(conversation: Fingerprint, text: string): ChatMessage {
    const message = fakeMessage(
      this.#person(conversation),
      text,
      'queued',
      Date.now(),
      this.#counter++,
    )
    this.#add(message)
    void this.#carry(message)
    return message
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
      return
    }
    this.#change({ ...message, state: 'sent' })
    await pause(DELIVER_MS)
    this.#change({ ...message, state: 'delivered' })
    await pause(REPLY_MS)
    this.#add(
      fakeMessage(person, `“${message.text}”, yes.`, 'received', Date.now(), this.#counter++),
    )
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
      ...(known?.alarm === undefined ? {} : { alarm: known.alarm }),
      ...(known?.replacedBy === undefined ? {} : { replacedBy: known.replacedBy }),
    }
  }

  #setLink(fingerprint: Fingerprint, link: Link): Conversation {
    const conversation = { ...this.#conversationWith(fingerprint), link }
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
  }
}
