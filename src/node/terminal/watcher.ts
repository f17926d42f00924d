import type {
  ChatEvents,
  ChatMessage,
  ContactProgress,
  Conversation,
  Fingerprint,
  Link,
  Refusal,
  RoomMessage,
} from '../../chat/api.ts'
import type { Session } from './session.ts'
import type { Target } from './target.ts'

/** Tells the session's view what happens in the chat, each thing once and nothing that has not changed. */
export class Watcher {
  readonly #session: Session
  readonly #onChange: () => void
  readonly #links = new Map<Fingerprint, string>()
  readonly #contacts = new Map<Fingerprint, string>()
  readonly #alarms = new Map<Fingerprint, Fingerprint>()
  readonly #refused = new Set<string>()
  readonly #requests = new Set<Fingerprint>()
  readonly #missing = new Map<Fingerprint, number>()
  readonly #subscriptions: (() => void)[] = []

  /** `onChange` is called after every event, when counts of unread messages may have changed. */
  constructor(session: Session, onChange: () => void) {
    this.#session = session
    this.#onChange = onChange
  }

  start(): void {
    for (const { id } of this.#session.chat.requests()) this.#requests.add(id)
    for (const conversation of this.#session.chat.conversations()) {
      this.#links.set(conversation.id, linkKey(conversation.link))
      this.#alarm(conversation)
    }
    this.#on('message', (message) => {
      this.#message(message)
    })
    this.#on('message:change', (message) => {
      const here = this.#session.isOpen({ kind: 'person', fingerprint: message.conversation })
      this.#session.transcript.update(message, here)
    })
    this.#on('conversation:change', (conversation) => {
      this.#conversation(conversation)
    })
    this.#on('message:gone', ({ id, conversation }) => {
      this.#session.view.messageGone(id, conversation)
    })
    this.#on('conversation:gone', (id) => {
      this.#requests.delete(id)
      if (this.#session.isOpen({ kind: 'person', fingerprint: id })) this.#session.close()
      this.#session.view.requestGone(id)
    })
    this.#on('lookup:change', (progress) => {
      this.#session.view.lookup(progress)
    })
    this.#on('room:message', (message) => {
      this.#roomMessage(message)
    })
    this.#on('storage:change', (state) => {
      this.#session.view.storage(state)
    })
    this.#on('refusal', (refusal) => {
      this.#refusal(refusal)
    })
    for (const type of ['self:change', 'person:change', 'room:change'] as const)
      this.#on(type, () => undefined)
  }

  stop(): void {
    for (const unsubscribe of this.#subscriptions.splice(0)) unsubscribe()
  }

  /** A listener that throws would end the process, so whatever goes wrong in one is shown instead. */
  #on<K extends keyof ChatEvents>(
    type: K,
    listener: (detail: ChatEvents[K]['detail']) => void,
  ): void {
    const { chat, view } = this.#session
    const guarded = (event: ChatEvents[K]): void => {
      try {
        listener(event.detail)
        this.#onChange()
      } catch (err) {
        view.failure(err)
      }
    }
    chat.addEventListener(type, guarded)
    this.#subscriptions.push(() => {
      chat.removeEventListener(type, guarded)
    })
  }

  #message(message: ChatMessage): void {
    const target: Target = { kind: 'person', fingerprint: message.conversation }
    const here = this.#session.isOpen(target)
    const isQuiet = !here && !message.outgoing && this.#isMuted(message.conversation)
    if (isQuiet) this.#session.transcript.recall(message)
    else this.#session.transcript.show(message, here)
    if (here && !message.outgoing) {
      this.#session.chat.markRead(message.conversation).then(this.#onChange, (err: unknown) => {
        this.#session.view.failure(err)
      })
    }
  }

  #isMuted(fingerprint: Fingerprint): boolean {
    const conversations = this.#session.chat.conversations()
    return conversations.some(({ id, settings }) => id === fingerprint && settings.muted)
  }

  /** A room that is not open is too loud to be quoted: its first unread message is announced, the rest are counted. */
  #roomMessage(message: RoomMessage): void {
    const here = this.#session.isOpen({ kind: 'room', name: message.room })
    const { chat, view } = this.#session
    const unread = chat.rooms().find(({ name }) => name === message.room)?.unread ?? 0
    view.roomMessage(message, here ? 'here' : unread > 1 ? 'more' : 'first')
    if (here) chat.markRoomRead(message.room)
  }

  /** One line when somebody begins to ask; what they say is shown to whoever looks. */
  #request({ id, unread }: Conversation): void {
    if (this.#requests.has(id)) return
    this.#requests.add(id)
    this.#session.view.request(id, unread)
  }

  #conversation(conversation: Conversation): void {
    if (conversation.request === true) {
      this.#request(conversation)
      return
    }
    this.#requests.delete(conversation.id)
    this.#alarm(conversation)
    this.#gap(conversation)
    this.#contact(conversation)
    const link = linkKey(conversation.link)
    const before = this.#links.get(conversation.id)
    this.#links.set(conversation.id, link)
    // Being offline is no news of somebody who has only just been heard of.
    if (before === link || (before === undefined && conversation.link.state === 'offline')) return
    const here = this.#session.isOpen({ kind: 'person', fingerprint: conversation.id })
    this.#session.view.link(conversation, here)
  }

  #gap(conversation: Conversation): void {
    const { id, missing = 0 } = conversation
    const before = this.#missing.get(id) ?? 0
    this.#missing.set(id, missing)
    // those that come one by one need no line each
    if (missing === before || (missing < before && missing > 0)) return
    const here = this.#session.isOpen({ kind: 'person', fingerprint: id })
    this.#session.view.missing(conversation, missing, here)
  }

  #contact(conversation: Conversation): void {
    const { id, contact } = conversation
    const key = contact === undefined ? '' : contactKey(contact)
    if ((this.#contacts.get(id) ?? '') === key) return
    this.#contacts.set(id, key)
    const here = this.#session.isOpen({ kind: 'person', fingerprint: id })
    this.#session.view.contactChanged(conversation, here)
  }

  #alarm(conversation: Conversation): void {
    const { id, alarm } = conversation
    if (alarm === undefined) this.#alarms.delete(id)
    else if (alarm.decision === 'keep') this.#alarms.set(id, alarm.fingerprint)
    else if (this.#alarms.get(id) !== alarm.fingerprint) {
      this.#alarms.set(id, alarm.fingerprint)
      this.#session.view.alarm(conversation)
    }
  }

  #refusal(refusal: Refusal): void {
    if (this.#refused.has(refusal.error)) return
    this.#refused.add(refusal.error)
    this.#session.view.refusal(refusal)
  }
}

/** Two searches with the same key look the same to the user. */
function contactKey({ state, steps, waiting, nextAt }: ContactProgress): string {
  const told = steps.map((step) => `${step.way} ${step.state} ${step.reason ?? ''}`)
  return [state, waiting, nextAt === undefined, ...told].join('\n')
}

/** Two links with the same key look the same to the user. */
function linkKey(link: Link): string {
  switch (link.state) {
    case 'secure':
      return `secure ${link.path} ${link.multiaddr}`
    case 'connecting':
      return 'connecting'
    case 'offline':
      return `offline ${link.reason ?? ''}`
  }
}
