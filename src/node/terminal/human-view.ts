import { linkText, missingText, shortFingerprint, storageText } from './format.ts'
import { ContactPanel, contactLinkLines } from './human-contact.ts'
import * as lists from './human-lists.ts'
import { comparedLine, safetyLines, verifiedText } from './human-safety.ts'
import { preferenceLines, requestLine, requestLines, settingLines } from './human-requests.ts'
import { trustLines } from './human-trust.ts'
import { LinePrinter } from './line-printer.ts'
import { dim, plain } from './paint.ts'
import { pathLines } from './path-text.ts'
import { cleanLine } from './sanitise.ts'
import { ShownMessages } from './shown-messages.ts'
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
import type { Paint } from './paint.ts'
import type { Screen } from './screen.ts'
import type { HelpEntry, RequestReport, StatusReport, View } from './view.ts'

/** Width of an alarm's frame. */
const MAX_BAR_COLUMNS = 60

/** Shows everything to a person, above the line that they are typing. */
export class HumanView implements View {
  readonly #printer: LinePrinter
  readonly #messages: ShownMessages
  readonly #contacts: ContactPanel
  readonly #names: Names

  constructor(screen: Screen, names: Names, paint: Paint, now: () => number = Date.now) {
    this.#printer = new LinePrinter(screen, paint, now)
    this.#messages = new ShownMessages(this.#printer, names)
    this.#contacts = new ContactPanel(this.#printer, names)
    this.#names = names
  }

  welcome(self: SelfInfo, conversations: readonly Conversation[]): void {
    const who = self.name === undefined ? 'you have no name yet' : `you are ${cleanLine(self.name)}`
    this.#printer.line(
      { text: 'Sotto', style: 'bold' },
      plain(` · ${who} · ${shortFingerprint(self.fingerprint)}`),
    )
    this.#printer.line(
      dim(self.name === undefined ? 'Choose a name: /register NAME. ' : ''),
      dim('Whom to talk to: /who, /open NAME, /lobby. Everything else: /help'),
    )
    const waiting = conversations.filter(({ unread }) => unread > 0)
    if (waiting.length > 0) this.conversations(waiting)
  }

  self(self: SelfInfo): void {
    this.#printer.lines(lists.selfLines(self))
  }

  registered(name: string, holders: number): void {
    const held =
      holders === 0
        ? 'nobody else is in the network yet: it is published as soon as somebody is'
        : `${String(holders)} ${holders === 1 ? 'peer holds' : 'peers hold'} your profile`
    this.note(`you are ${cleanLine(name)} now; ${held}`)
  }

  people(people: readonly Person[], room: Room | undefined): void {
    this.#printer.lines(lists.peopleLines(people, room, this.#names))
  }

  choices(query: string, people: readonly Person[]): void {
    this.#printer.lines(lists.choiceLines(query, people, this.#names))
  }

  conversationOpened(conversation: Conversation, history: readonly ChatMessage[]): void {
    const { id, link, unread, missing, draft } = conversation
    this.#printer.rule(`${this.#names.of(id)} · ${shortFingerprint(id)} · ${linkText(link)}`)
    this.#sinceRead(history, unread, (message) => {
      this.message(message, true)
    })
    if (missing !== undefined) this.note(missingText(missing))
    // a draft of one line stands in the line that is being typed
    if (draft?.includes('\n') === true) this.note(`draft: ${cleanLine(draft)}`)
    const standing = lists.standingText(conversation)
    if (standing !== undefined) this.note(standing)
  }

  roomOpened(room: Room, history: readonly RoomMessage[]): void {
    this.#printer.rule(`#${room.name} · public · ${String(room.members.length)} here`)
    this.#sinceRead(history, room.unread, (message) => {
      this.roomMessage(message, 'here')
    })
  }

  conversations(conversations: readonly Conversation[]): void {
    this.#printer.lines(lists.conversationLines(conversations, this.#names))
  }

  rooms(rooms: readonly Room[]): void {
    this.#printer.lines(lists.roomLines(rooms))
  }

  message(message: ChatMessage, here: boolean): void {
    this.#messages.show(message, here)
  }

  history(messages: readonly ChatMessage[]): void {
    if (messages.length === 0) this.note('nothing was said here yet')
    for (const message of messages) this.message(message, true)
  }

  revealed(message: ChatMessage, text: string): void {
    this.#messages.revealed(message, text)
  }

  found(query: string, hits: readonly SearchHit[]): void {
    this.#messages.found(query, hits)
  }

  messageChanged(message: ChatMessage, here: boolean): void {
    this.#messages.changed(message, here)
  }

  messageGone(id: string): void {
    this.#messages.gone(id)
  }

  messageState(message: ChatMessage): void {
    this.#messages.state(message)
  }

  roomMessage(message: RoomMessage, place: 'here' | 'first' | 'more'): void {
    this.#messages.roomMessage(message, place)
  }

  request(fingerprint: Fingerprint): void {
    this.#printer.lines(requestLine(fingerprint, this.#names))
  }

  requestGone(fingerprint: Fingerprint): void {
    this.note(`${shortFingerprint(fingerprint)} is forgotten`)
  }

  requests(requests: readonly RequestReport[]): void {
    this.#printer.lines(requestLines(requests, this.#names, this.#printer.look.nowMs))
  }

  settings(conversation: Conversation): void {
    this.#printer.lines(settingLines(conversation, this.#names))
  }

  preferences(preferences: Preferences): void {
    this.#printer.lines(preferenceLines(preferences))
  }

  storage(state: StorageState): void {
    this.#printer.line({ text: storageText(state), style: state === 'ok' ? 'good' : 'bad' })
  }

  missing({ id }: Conversation, missing: number, here: boolean): void {
    const text = missing === 0 ? 'nothing is missing any more' : missingText(missing)
    this.note(here ? text : `${this.#names.of(id)}: ${text}`)
  }

  contactLink(link: ContactLink): void {
    this.#printer.lines(contactLinkLines(link, this.#printer.look.columns), 0)
  }

  contact(conversation: Conversation): void {
    this.#contacts.show(conversation)
  }

  contactChanged(conversation: Conversation, here: boolean): void {
    this.#contacts.changed(conversation, here)
  }

  lookup(progress: LookupProgress): void {
    this.#contacts.lookup(progress)
  }

  path({ id, link }: Conversation): void {
    const [kind = '', ...facts] = pathLines(link, this.#printer.look.nowMs)
    this.#printer.line(plain(`${this.#names.of(id)}: ${kind}`))
    for (const fact of facts) this.#printer.line(plain(`    ${fact}`))
  }

  link(conversation: Conversation, here: boolean): void {
    const { state } = conversation.link
    if (!here && state === 'connecting') return
    // the search is told in its own place, step by step
    if (conversation.contact !== undefined && state !== 'secure') return
    this.note(`${this.#names.of(conversation.id)}: ${linkText(conversation.link)}`)
  }

  alarm(conversation: Conversation): void {
    this.#printer.ring()
    const width = Math.min(MAX_BAR_COLUMNS, this.#printer.look.columns - 1)
    this.#printer.lines(lists.alarmLines(conversation, this.#names, width))
  }

  fingerprints(self: SelfInfo, person: Person): void {
    this.#printer.lines(lists.comparisonLines(self, person, this.#names))
  }

  safety(person: Person, safety: SafetyNumber): void {
    this.#printer.lines(safetyLines(person, safety, this.#names, this.#printer.look.columns))
  }

  safetyCompared(fingerprint: Fingerprint, result: 'match' | 'mismatch'): void {
    this.#printer.line(comparedLine(this.#names.of(fingerprint), result))
  }

  verified(fingerprint: Fingerprint, verified: boolean): void {
    this.note(verifiedText(fingerprint, verified, this.#names))
  }

  publicKey(_fingerprint: Fingerprint, pem: string): void {
    const lines = pem.trimEnd().split('\n')
    this.#printer.lines(
      lines.map((line) => [plain(line)]),
      0,
    )
  }

  trust(fingerprint: Fingerprint, trust: PersonTrust): void {
    this.#printer.lines(trustLines(fingerprint, trust, this.#names))
  }

  status(report: StatusReport): void {
    this.#printer.lines(lists.statusLines(report))
  }

  refusal(refusal: Refusal): void {
    this.#printer.line(
      { text: `refused something from ${refusal.peerId}: ${refusal.error}`, style: 'warning' },
      dim('  (/status counts)'),
    )
  }

  help(entries: readonly HelpEntry[]): void {
    this.#printer.lines(lists.helpLines(entries), lists.helpColumn(entries))
  }

  progress(text: string): void {
    this.note(text)
  }

  note(text: string): void {
    this.#printer.note(text)
  }

  failure(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error)
    this.#printer.line({ text, style: 'bad' })
  }

  /** Shows them all, with a rule before the first that was not read yet. */
  #sinceRead<T>(messages: readonly T[], unread: number, show: (message: T) => void): void {
    const firstUnread = Math.max(0, messages.length - unread)
    for (const [index, message] of messages.entries()) {
      if (unread > 0 && index === firstUnread) this.#printer.rule(`${String(unread)} new`)
      show(message)
    }
  }
}
