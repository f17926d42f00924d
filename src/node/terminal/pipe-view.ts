import { isoTime, trust, presenceState } from './format.ts'
import { cleanText } from './sanitise.ts'
import type {
  ChatMessage,
  ContactLink,
  Conversation,
  Fingerprint,
  LookupProgress,
  Person,
  PersonTrust,
  Preferences,
  Refusal,
  Room,
  RoomMessage,
  SafetyNumber,
  SearchHit,
  SelfInfo,
  StorageState,
} from '../../chat/api.ts'
import type { Names } from './names.ts'
import type { HelpEntry, RequestReport, StatusReport, View } from './view.ts'

type Field = string | number | undefined

/** Shows everything to a program: one event a line, fields parted by tabs. The format stands in `terminal.ts`. */
export class PipeView implements View {
  readonly #write: (line: string) => void
  readonly #names: Names

  /** `write` gets one line at a time, with its line feed. */
  constructor(write: (line: string) => void, names: Names) {
    this.#write = write
    this.#names = names
  }

  welcome(self: SelfInfo): void {
    this.#line('ready', self.name, self.fingerprint, self.peerId)
  }

  self(self: SelfInfo): void {
    this.#line('self', self.name, self.fingerprint, self.peerId)
    for (const address of self.multiaddrs) this.#line('address', address)
  }

  registered(name: string, holders: number): void {
    this.#line('registered', name, holders)
  }

  people(people: readonly Person[], room: Room | undefined): void {
    for (const person of people) this.#line('person', ...personFields(person))
    for (const person of people.filter(({ known }) => known)) {
      const { fingerprint, lastSeen, status } = person
      const seen = lastSeen === undefined ? undefined : isoTime(lastSeen)
      this.#line('presence', fingerprint, presenceState(person), seen, status)
    }
    for (const { name, fingerprint } of room?.members ?? [])
      this.#line('member', room?.name, fingerprint, name)
  }

  choices(_query: string, people: readonly Person[]): void {
    for (const [index, person] of people.entries())
      this.#line('choice', index + 1, ...personFields(person))
  }

  conversationOpened(conversation: Conversation): void {
    this.#line('opened', conversation.id, this.#name(conversation.id))
  }

  roomOpened(room: Room): void {
    this.#line('room-opened', room.name)
  }

  conversations(conversations: readonly Conversation[]): void {
    for (const { id, link, unread, alarm } of conversations) {
      this.#line('conversation', id, this.#name(id), link.state, unread, alarm?.kind)
    }
  }

  rooms(rooms: readonly Room[]): void {
    for (const { name, joined, members, unread } of rooms) {
      this.#line('room', name, joined ? 'joined' : 'not-joined', members.length, unread)
    }
  }

  message(message: ChatMessage): void {
    const { id, outgoing, conversation, timestamp, text, note } = message
    const name = this.#name(conversation)
    if (note !== undefined) {
      const { code, side, fingerprint } = note
      this.#line('notice', id, code, conversation, name, isoTime(timestamp), side, fingerprint)
      return
    }
    this.#line('message', id, outgoing ? 'out' : 'in', conversation, name, isoTime(timestamp), text)
    if (message.burn !== undefined) {
      this.#line('burns', id, message.burn.ttlSeconds, message.burn.readsLeft)
    }
    if (message.replyTo !== undefined) this.#line('reply', id, message.replyTo)
    if (outgoing) this.messageState(message)
  }

  revealed({ id }: ChatMessage, text: string): void {
    this.#line('revealed', id, text)
  }

  found(_query: string, hits: readonly SearchHit[]): void {
    for (const { message } of hits) {
      const { id, conversation, timestamp, text } = message
      this.#line('found', id, conversation, this.#name(conversation), isoTime(timestamp), text)
    }
    this.#line('found-end', hits.length)
  }

  history(messages: readonly ChatMessage[]): void {
    const said = messages.filter(({ note }) => note === undefined)
    for (const { id, outgoing, conversation, timestamp, state, text } of said) {
      const direction = outgoing ? 'out' : 'in'
      const name = this.#name(conversation)
      this.#line('history', id, direction, conversation, name, isoTime(timestamp), state, text)
    }
    this.#line('history-end', said.length)
  }

  messageState({ id, state, reason, storedAt }: ChatMessage): void {
    this.#line('state', id, state, state === 'stored' ? storedAt : reason)
  }

  messageChanged({ id, text, editedAt, deleted, reactions = [] }: ChatMessage): void {
    if (deleted === true) {
      this.#line('deleted', id)
      return
    }
    if (editedAt !== undefined) this.#line('edited', id, isoTime(editedAt), text)
    this.#line('reactions', id, ...reactions.flatMap(({ author, emoji }) => [author, emoji]))
  }

  messageGone(id: string, conversation: Fingerprint): void {
    this.#line('gone', id, conversation)
  }

  request(fingerprint: Fingerprint, messages: number): void {
    this.#line('request', fingerprint, this.#name(fingerprint), messages)
  }

  requestGone(fingerprint: Fingerprint): void {
    this.#line('request-gone', fingerprint)
  }

  requests(requests: readonly RequestReport[]): void {
    for (const { conversation, messages } of requests) {
      const { id, person } = conversation
      this.#line('request', id, person.name, messages.length)
      for (const message of messages) {
        this.#line('request-message', message.id, id, isoTime(message.timestamp), message.text)
      }
    }
  }

  settings({ id, settings, cover }: Conversation): void {
    for (const [setting, value] of Object.entries(settings)) {
      this.#line('setting', id, setting, String(value))
    }
    for (const { framesPerSecond, bytesPerHour } of cover?.choices ?? []) {
      this.#line('cover', id, framesPerSecond, bytesPerHour)
    }
  }

  preferences({ readReceipts, typing }: Preferences): void {
    for (const [preference, value] of Object.entries({ readReceipts, typing })) {
      this.#line('preference', preference, String(value))
    }
  }

  storage(state: StorageState): void {
    this.#line('storage', state)
  }

  missing({ id }: Conversation, missing: number): void {
    this.#line('missing', id, this.#name(id), missing)
  }

  roomMessage({ id, outgoing, room, author, authorName, timestamp, text }: RoomMessage): void {
    const direction = outgoing ? 'out' : 'in'
    this.#line('room-message', id, direction, room, author, authorName, isoTime(timestamp), text)
  }

  contactLink({ uri, ways }: ContactLink): void {
    this.#line('contact-link', uri, ways)
  }

  contact({ id, contact }: Conversation): void {
    const { state = 'none', steps = [], waiting = 0, nextAt } = contact ?? {}
    const next = nextAt === undefined ? undefined : isoTime(nextAt)
    this.#line('contact', id, this.#name(id), state, waiting, next)
    for (const step of steps) this.#line('contact-step', id, step.way, step.state, step.reason)
  }

  contactChanged(conversation: Conversation): void {
    this.contact(conversation)
  }

  lookup({ query, state, steps }: LookupProgress): void {
    this.#line('lookup', query, state)
    for (const step of steps) this.#line('lookup-step', query, step.way, step.state, step.reason)
  }

  path({ id, link }: Conversation): void {
    const name = this.#name(id)
    if (link.state !== 'secure') {
      this.#line('path', id, name, link.state)
      return
    }
    const { path, transport, holePunched, rttMs, bytesSent, bytesReceived, upgrade } = link
    this.#line(
      ...['path', id, name, link.state, path, transport, holePunched === true ? 'punched' : ''],
      ...[isoTime(link.since), rttMs, bytesSent, bytesReceived, upgrade?.state, upgrade?.reason],
    )
  }

  link({ id, link }: Conversation): void {
    const name = this.#name(id)
    if (link.state === 'secure') this.#line('link', id, name, link.state, link.path, link.multiaddr)
    else
      this.#line('link', id, name, link.state, link.state === 'offline' ? link.reason : undefined)
  }

  alarm({ id, alarm }: Conversation): void {
    if (alarm !== undefined) this.#line('alarm', alarm.kind, id, this.#name(id), alarm.fingerprint)
  }

  fingerprints(self: SelfInfo, person: Person): void {
    this.#line('fingerprint', 'peer', person.fingerprint, person.name)
    this.#line('fingerprint', 'self', self.fingerprint, self.name)
  }

  safety(person: Person, { digits, qr }: SafetyNumber): void {
    this.#line('safety', person.fingerprint, person.name, digits, qr)
  }

  safetyCompared(fingerprint: Fingerprint, result: 'match' | 'mismatch'): void {
    this.#line('safety-compared', fingerprint, result)
  }

  verified(fingerprint: Fingerprint, verified: boolean): void {
    this.#line('verified', fingerprint, verified ? 'yes' : 'no')
  }

  publicKey(fingerprint: Fingerprint, pem: string): void {
    this.#line('public-key', fingerprint, this.#name(fingerprint), pem)
  }

  trust(fingerprint: Fingerprint, said: PersonTrust): void {
    const { chain, vouchedForBy, vouchesFor, withdrawnBy, toldTo } = said
    const lists = { chain, 'vouched-for-by': vouchedForBy, 'vouches-for': vouchesFor }
    for (const [list, links] of Object.entries(lists)) {
      for (const { voucher, subject, expiresAt } of links)
        this.#line('trust', fingerprint, list, voucher, subject, isoTime(expiresAt))
    }
    for (const { voucher, withdrawnAt } of withdrawnBy)
      this.#line('trust', fingerprint, 'withdrawn-by', voucher, fingerprint, isoTime(withdrawnAt))
    for (const { to, expiresAt } of toldTo)
      this.#line('trust', fingerprint, 'told-to', to, fingerprint, isoTime(expiresAt))
  }

  status(report: StatusReport): void {
    this.#line('status', 'connections', report.self.connections)
    for (const [error, count] of Object.entries(report.refusals)) {
      this.#line('status', 'refused', error, count)
    }
    if (report.logFile !== undefined) this.#line('status', 'log', report.logFile)
  }

  refusal({ error, peerId }: Refusal): void {
    this.#line('refusal', error, peerId)
  }

  help(entries: readonly HelpEntry[]): void {
    for (const { usage, summary } of entries) this.#line('help', usage, summary)
  }

  /** A program that waits needs no consolation. */
  progress(): void {
    return
  }

  note(text: string): void {
    this.#line('note', text)
  }

  failure(error: unknown): void {
    if (error instanceof Error) this.#line('error', error.name, error.message)
    else this.#line('error', 'Error', String(error))
  }

  /** The last line: what became of the messages that this run sent. */
  end(delivered: number, undelivered: number): void {
    this.#line('end', delivered, undelivered)
  }

  #name(fingerprint: Fingerprint): string | undefined {
    return this.#names.person(fingerprint)?.name
  }

  #line(kind: string, ...fields: Field[]): void {
    this.#write(`${[kind, ...fields.map(escapeField)].join('\t')}\n`)
  }
}

function personFields(person: Person): Field[] {
  const presence = person.online ? 'online' : 'offline'
  const { fingerprint, name, peerId, resembles } = person
  return [fingerprint, presence, trust(person), name, peerId, ...(resembles ? [resembles] : [])]
}

/** Clean, on one line and without tabs; `-` for what is not there, so that the number of fields does not change. */
function escapeField(field: Field): string {
  if (field === undefined || field === '') return '-'
  if (typeof field === 'number') return String(field)
  return cleanText(field).replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
