import { linkText, localTime, shortFingerprint, stateText } from './format.ts'
import * as lists from './human-lists.ts'
import { noteLine, safetyLines } from './human-safety.ts'
import { layout } from './layout.ts'
import { requestLine, requestLines, settingLines } from './human-requests.ts'
import { trustLines } from './human-trust.ts'
import { messageRows, roomMessageRows, stateStyle } from './message-block.ts'
import { placeholderText } from './message-text.ts'
import { noteText } from './note-text.ts'
import { dim, personStyle, plain } from './paint.ts'
import { pathLines } from './path-text.ts'
import { cleanLine } from './sanitise.ts'
import { truncate } from './width.ts'
import type {
  ChatMessage,
  Conversation,
  Fingerprint,
  Person,
  PersonTrust,
  Refusal,
  Room,
  RoomMessage,
  SafetyNumber,
  SearchHit,
  SelfInfo,
} from '../../chat/api.ts'
import type { Lines } from './human-lists.ts'
import type { MessageLook } from './message-block.ts'
import type { Names } from './names.ts'
import type { Paint, Span } from './paint.ts'
import type { Screen } from './screen.ts'
import type { HelpEntry, RequestReport, StatusReport, View } from './view.ts'

/** Columns of somebody's words that a notice quotes. */
const PREVIEW_COLUMNS = 40
/** Width of an alarm's frame. */
const MAX_BAR_COLUMNS = 60
/** How long a message that burns stays on the screen once it was revealed. */
const REVEALED_MS = 60_000
/** Messages that are kept up to date in their place, at most. */
const MAX_LATEST = 16
/** Messages that an answer can quote, at most. */
const MAX_QUOTABLE = 200
/** Columns of what an answer quotes. */
const QUOTE_COLUMNS = 24

/** Shows everything to a person, above the line that they are typing. */
export class HumanView implements View {
  readonly #screen: Screen
  readonly #names: Names
  readonly #paint: Paint
  readonly #now: () => number
  /** The messages that may still be on the screen, as they stand. */
  readonly #latest = new Map<string, ChatMessage>()
  readonly #quotable = new Map<string, ChatMessage>()

  constructor(screen: Screen, names: Names, paint: Paint, now: () => number = Date.now) {
    this.#screen = screen
    this.#names = names
    this.#paint = paint
    this.#now = now
  }

  welcome(self: SelfInfo, conversations: readonly Conversation[]): void {
    const who =
      self.name === undefined ? 'nobody has your name yet' : `you are ${cleanLine(self.name)}`
    this.#line(
      { text: 'Sotto', style: 'bold' },
      plain(` · ${who} · ${shortFingerprint(self.fingerprint)}`),
    )
    this.#line(
      dim(self.name === undefined ? 'Choose a name: /register NAME. ' : ''),
      dim('Whom to talk to: /who, /open NAME, /lobby. Everything else: /help'),
    )
    const waiting = conversations.filter(({ unread }) => unread > 0)
    if (waiting.length > 0) this.conversations(waiting)
  }

  self(self: SelfInfo): void {
    this.#lines(lists.selfLines(self))
  }

  registered(name: string, holders: number): void {
    const held =
      holders === 0
        ? 'nobody else is in the network yet: it is published as soon as somebody is'
        : `${String(holders)} ${holders === 1 ? 'peer holds' : 'peers hold'} your profile`
    this.note(`you are ${cleanLine(name)} now; ${held}`)
  }

  people(people: readonly Person[], room: Room | undefined): void {
    this.#lines(lists.peopleLines(people, room, this.#names))
  }

  choices(query: string, people: readonly Person[]): void {
    this.#lines(lists.choiceLines(query, people, this.#names))
  }

  conversationOpened(conversation: Conversation, history: readonly ChatMessage[]): void {
    const { id, link, unread, person } = conversation
    this.#rule(`${this.#names.of(id)} · ${shortFingerprint(id)} · ${linkText(link)}`)
    const firstUnread = history.length - unread
    for (const [index, message] of history.entries()) {
      if (unread > 0 && index === Math.max(0, firstUnread)) this.#rule(`${String(unread)} new`)
      this.message(message, true)
    }
    if (conversation.replacedBy !== undefined) {
      this.#line(dim(`replaced, to be read only: /open ${conversation.replacedBy}`))
    } else if (conversation.alarm?.decision === 'keep') {
      const stranger = shortFingerprint(conversation.alarm.fingerprint)
      this.#line(
        dim(`somebody else (${stranger}) answers there; waiting for the one you know: /alarm`),
      )
    } else if (!person.verified) {
      this.#line(dim('not verified: /safety shows what to compare, /verify records that you did'))
    }
  }

  roomOpened(room: Room, history: readonly RoomMessage[]): void {
    this.#rule(`#${room.name} · public · ${String(room.members.length)} here`)
    const firstUnread = history.length - room.unread
    for (const [index, message] of history.entries()) {
      if (room.unread > 0 && index === Math.max(0, firstUnread))
        this.#rule(`${String(room.unread)} new`)
      this.roomMessage(message, 'here')
    }
  }

  conversations(conversations: readonly Conversation[]): void {
    this.#lines(lists.conversationLines(conversations, this.#names))
  }

  rooms(rooms: readonly Room[]): void {
    this.#lines(lists.roomLines(rooms))
  }

  message(message: ChatMessage, here: boolean): void {
    const label = this.#names.of(message.author)
    if (message.note !== undefined) this.#printNote(message, here)
    else if (here) this.#printMessage(message)
    else if (message.outgoing) {
      this.#line(dim(`to ${this.#names.of(message.conversation)}: `), plain(preview(message.text)))
    } else {
      this.#line(
        { text: '● ', style: 'warning' },
        { text: label, style: personStyle(message.author) },
        plain(`: ${preview(this.#textOf(message))}`),
        dim(`  (/open ${label})`),
      )
    }
  }

  history(messages: readonly ChatMessage[]): void {
    if (messages.length === 0) this.note('nothing was said here yet')
    for (const message of messages) this.message(message, true)
  }

  revealed(message: ChatMessage, text: string): void {
    const id = `revealed ${message.id}`
    const label = this.#names.of(message.author)
    let shown: string | undefined = text
    this.#screen.print({
      id,
      render: () => {
        const rest = { ...message, state: 'burned' as const, text: shown ?? placeholder }
        return messageRows(rest, label, this.#look())
      },
    })
    const placeholder = '(burned)'
    const timer = setTimeout(() => {
      shown = undefined
      this.#screen.redraw(id)
    }, REVEALED_MS)
    timer.unref()
  }

  found(query: string, hits: readonly SearchHit[]): void {
    if (hits.length === 0) {
      this.note(`nothing holds ${cleanLine(query)}`)
      return
    }
    for (const { message } of [...hits].reverse()) {
      const { conversation, outgoing, timestamp } = message
      const name = this.#names.of(conversation)
      this.#line(
        dim(`${localTime(timestamp, this.#now())} `),
        { text: outgoing ? `to ${name}` : name, style: personStyle(conversation) },
        plain(`: ${truncate(cleanLine(message.text), this.#screen.columns)}`),
      )
    }
  }

  messageChanged(message: ChatMessage, here: boolean): void {
    remember(this.#quotable, message, MAX_QUOTABLE)
    const isDrawn = this.#latest.has(message.id)
    if (isDrawn) this.#latest.set(message.id, message)
    if (isDrawn && this.#screen.redraw(message.id)) return
    const who = message.outgoing ? 'you' : this.#names.of(message.author)
    const reactions = (message.reactions ?? []).map(({ emoji }) => cleanLine(emoji)).join(' ')
    if (message.deleted === true) this.#line(dim(`${who} deleted a message`))
    else if (reactions !== '') {
      this.#line(plain(`${reactions}  `), dim(`${who}: ${preview(message.text)}`))
    } else if (here && message.editedAt !== undefined) {
      this.#line(dim(`${who} edited: `), plain(preview(message.text)))
    }
  }

  messageGone(id: string): void {
    const isKnown = this.#quotable.delete(id)
    this.#latest.delete(id)
    if (isKnown) this.note('a message is gone')
  }

  request(fingerprint: Fingerprint): void {
    this.#lines(requestLine(fingerprint))
  }

  requestGone(fingerprint: Fingerprint): void {
    this.note(`${shortFingerprint(fingerprint)} is forgotten`)
  }

  requests(requests: readonly RequestReport[]): void {
    this.#lines(requestLines(requests, this.#names, this.#now()))
  }

  settings(conversation: Conversation): void {
    this.#lines(settingLines(conversation, this.#names))
  }

  messageState(message: ChatMessage): void {
    const isDrawn = this.#latest.has(message.id)
    if (isDrawn) this.#latest.set(message.id, message)
    if (isDrawn && this.#screen.redraw(message.id)) return
    // Only what ends the waiting is worth a line of its own.
    if (message.state === 'sent' || message.state === 'read') return
    this.#line(
      { text: stateText(message), style: stateStyle(message) },
      dim(`  ${this.#names.of(message.conversation)}: ${preview(this.#textOf(message))}`),
    )
  }

  roomMessage(message: RoomMessage, place: 'here' | 'first' | 'more'): void {
    if (place === 'more') return
    const label = this.#names.of(message.author, message.authorName)
    if (place === 'here') {
      this.#screen.print({ render: () => roomMessageRows(message, label, this.#look()) })
      return
    }
    this.#line(
      { text: '● ', style: 'warning' },
      dim(`#${message.room}: ${label} wrote  (/join ${message.room})`),
    )
  }

  path({ id, link }: Conversation): void {
    const [kind = '', ...facts] = pathLines(link, this.#now())
    this.#line(plain(`${this.#names.of(id)}: ${kind}`))
    for (const fact of facts) this.#line(plain(`    ${fact}`))
  }

  link(conversation: Conversation, here: boolean): void {
    if (!here && conversation.link.state === 'connecting') return
    this.#line(dim(`${this.#names.of(conversation.id)}: ${linkText(conversation.link)}`))
  }

  alarm(conversation: Conversation): void {
    this.#screen.ring()
    const width = Math.min(MAX_BAR_COLUMNS, this.#screen.columns - 1)
    this.#lines(lists.alarmLines(conversation, this.#names, width))
  }

  fingerprints(self: SelfInfo, person: Person): void {
    this.#lines(lists.comparisonLines(self, person, this.#names))
  }

  safety(person: Person, safety: SafetyNumber): void {
    this.#lines(safetyLines(person, safety, this.#names, this.#screen.columns))
  }

  safetyCompared(fingerprint: Fingerprint, result: 'match' | 'mismatch'): void {
    const name = this.#names.of(fingerprint)
    this.#line(
      result === 'match'
        ? {
            text: `✓ It matches: nobody sits between you and ${name}. /verify records it.`,
            style: 'good',
          }
        : {
            text: `✗ It does not match. Do not trust this conversation until you know why.`,
            style: 'bad',
          },
    )
  }

  verified(fingerprint: Fingerprint, verified: boolean): void {
    const name = this.#names.of(fingerprint)
    this.note(
      verified
        ? `✓ ${name} (${shortFingerprint(fingerprint)}) is verified; /verify no takes it back`
        : `${name} is not verified any more`,
    )
  }

  publicKey(_fingerprint: Fingerprint, pem: string): void {
    this.#lines(
      pem
        .trimEnd()
        .split('\n')
        .map((line) => [plain(line)]),
      0,
    )
  }

  trust(fingerprint: Fingerprint, trust: PersonTrust): void {
    this.#lines(trustLines(fingerprint, trust, this.#names))
  }

  status(report: StatusReport): void {
    this.#lines(lists.statusLines(report))
  }

  refusal(refusal: Refusal): void {
    this.#line(
      { text: `refused something from ${refusal.peerId}: ${refusal.error}`, style: 'warning' },
      dim('  (/status counts)'),
    )
  }

  help(entries: readonly HelpEntry[]): void {
    this.#lines(lists.helpLines(entries), lists.helpColumn(entries))
  }

  progress(text: string): void {
    this.note(text)
  }

  note(text: string): void {
    this.#line(dim(text))
  }

  failure(error: unknown): void {
    this.#line({ text: error instanceof Error ? error.message : String(error), style: 'bad' })
  }

  /** What happened to a conversation's person is said wherever the user is. */
  #printNote(message: ChatMessage, here: boolean): void {
    if (here) this.#line(...noteLine(message, this.#names, this.#now()))
    else {
      const label = this.#names.of(message.conversation)
      this.#line(
        { text: `● ${label}: ${noteText(message, this.#names)}`, style: 'warning' },
        dim(`  (/open ${label})`),
      )
    }
  }

  #printMessage(message: ChatMessage): void {
    const label = this.#names.of(message.author)
    const quote = this.#quoteOf(message)
    remember(this.#latest, message, MAX_LATEST)
    remember(this.#quotable, message, MAX_QUOTABLE)
    this.#screen.print({
      id: message.id,
      render: () =>
        messageRows(this.#latest.get(message.id) ?? message, label, this.#look(), quote),
    })
  }

  #quoteOf({ replyTo }: ChatMessage): string | undefined {
    if (replyTo === undefined) return undefined
    const quoted = this.#quotable.get(replyTo)
    if (quoted === undefined || quoted.deleted === true) return 'an earlier message'
    const who = quoted.outgoing ? 'you' : this.#names.of(quoted.author)
    return `${who}: ${truncate(cleanLine(quoted.text), QUOTE_COLUMNS)}`
  }

  #textOf(message: ChatMessage): string {
    if (message.note !== undefined) return noteText(message, this.#names)
    return placeholderText(message) ?? message.text
  }

  #rule(text: string): void {
    this.#line(dim(`── ${text} ──`))
  }

  #line(...spans: Span[]): void {
    this.#lines([spans])
  }

  #lines(lines: Lines, hang = 2): void {
    const continuation = plain(' '.repeat(hang))
    this.#screen.print({
      render: () => lines.flatMap((spans) => layout(spans, { ...this.#look(), continuation })),
    })
  }

  #look(): MessageLook {
    return { columns: this.#screen.columns, paint: this.#paint, nowMs: this.#now() }
  }
}

function preview(text: string): string {
  return truncate(cleanLine(text), PREVIEW_COLUMNS)
}

/** The newest last, and of too many the oldest is forgotten. */
function remember(messages: Map<string, ChatMessage>, message: ChatMessage, most: number): void {
  messages.delete(message.id)
  messages.set(message.id, message)
  const [oldest] = messages.keys()
  if (messages.size > most && oldest !== undefined) messages.delete(oldest)
}
