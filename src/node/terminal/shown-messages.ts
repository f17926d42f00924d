import { localTime, stateText } from './format.ts'
import { noteLine } from './human-safety.ts'
import { messageRows, roomMessageRows, stateStyle } from './message-block.ts'
import { placeholderText } from './message-text.ts'
import { noteText } from './note-text.ts'
import { dim, personStyle, plain } from './paint.ts'
import { cleanLine } from './sanitise.ts'
import { truncate } from './width.ts'
import type { ChatMessage, RoomMessage, SearchHit } from '../../chat/api.ts'
import type { LinePrinter } from './line-printer.ts'
import type { Names } from './names.ts'

/** Columns of somebody's words that a notice quotes. */
const PREVIEW_COLUMNS = 40
/** How long a message that burns stays on the screen once it was revealed. */
const REVEALED_MS = 60_000
/** Messages that are kept up to date in their place, at most. */
const MAX_LATEST = 16
/** Messages that an answer can quote, at most. */
const MAX_QUOTABLE = 200
/** Columns of what an answer quotes. */
const QUOTE_COLUMNS = 24

/** The messages that a person was shown: printed where they belong, and kept true while they are on the screen. */
export class ShownMessages {
  readonly #printer: LinePrinter
  readonly #names: Names
  /** The messages that may still be on the screen, as they stand. */
  readonly #latest = new Map<string, ChatMessage>()
  readonly #quotable = new Map<string, ChatMessage>()

  constructor(printer: LinePrinter, names: Names) {
    this.#printer = printer
    this.#names = names
  }

  show(message: ChatMessage, here: boolean): void {
    const label = this.#names.of(message.author)
    if (message.note !== undefined) this.#printNote(message, here)
    else if (here) this.#printMessage(message)
    else if (message.outgoing) {
      this.#printer.line(
        dim(`to ${this.#names.of(message.conversation)}: `),
        plain(preview(message.text)),
      )
    } else {
      this.#printer.line(
        { text: '● ', style: 'warning' },
        { text: label, style: personStyle(message.author) },
        plain(`: ${preview(this.#textOf(message))}`),
        dim(`  (/open ${label})`),
      )
    }
  }

  revealed(message: ChatMessage, text: string): void {
    const id = `revealed ${message.id}`
    const label = this.#names.of(message.author)
    let shown: string | undefined = text
    this.#printer.print({
      id,
      render: () => {
        const rest = { ...message, state: 'burned' as const, text: shown ?? placeholder }
        return messageRows(rest, label, this.#printer.look)
      },
    })
    const placeholder = '(burned)'
    const timer = setTimeout(() => {
      shown = undefined
      this.#printer.redraw(id)
    }, REVEALED_MS)
    timer.unref()
  }

  found(query: string, hits: readonly SearchHit[]): void {
    if (hits.length === 0) {
      this.#printer.note(`nothing holds ${cleanLine(query)}`)
      return
    }
    const { columns, nowMs } = this.#printer.look
    for (const { message } of [...hits].reverse()) {
      const { conversation, outgoing, timestamp } = message
      const name = this.#names.of(conversation)
      this.#printer.line(
        dim(`${localTime(timestamp, nowMs)} `),
        { text: outgoing ? `to ${name}` : name, style: personStyle(conversation) },
        plain(`: ${truncate(cleanLine(message.text), columns)}`),
      )
    }
  }

  changed(message: ChatMessage, here: boolean): void {
    remember(this.#quotable, message, MAX_QUOTABLE)
    if (this.#redrawn(message)) return
    const who = message.outgoing ? 'you' : this.#names.of(message.author)
    const reactions = (message.reactions ?? []).map(({ emoji }) => cleanLine(emoji)).join(' ')
    if (message.deleted === true) this.#printer.note(`${who} deleted a message`)
    else if (reactions !== '') {
      this.#printer.line(plain(`${reactions}  `), dim(`${who}: ${preview(message.text)}`))
    } else if (here && message.editedAt !== undefined) {
      this.#printer.line(dim(`${who} edited: `), plain(preview(message.text)))
    }
  }

  gone(id: string): void {
    const isKnown = this.#quotable.delete(id)
    this.#latest.delete(id)
    if (isKnown) this.#printer.note('a message is gone')
  }

  state(message: ChatMessage): void {
    if (this.#redrawn(message)) return
    // Only what ends the waiting is worth a line of its own.
    if (message.state === 'sent' || message.state === 'read') return
    this.#printer.line(
      { text: stateText(message), style: stateStyle(message) },
      dim(`  ${this.#names.of(message.conversation)}: ${preview(this.#textOf(message))}`),
    )
  }

  roomMessage(message: RoomMessage, place: 'here' | 'first' | 'more'): void {
    if (place === 'more') return
    const label = this.#names.of(message.author, message.authorName)
    if (place === 'here') {
      this.#printer.print({ render: () => roomMessageRows(message, label, this.#printer.look) })
      return
    }
    this.#printer.line(
      { text: '● ', style: 'warning' },
      dim(`#${message.room}: ${label} wrote  (/join ${message.room})`),
    )
  }

  #redrawn(message: ChatMessage): boolean {
    if (!this.#latest.has(message.id)) return false
    this.#latest.set(message.id, message)
    return this.#printer.redraw(message.id)
  }

  /** What happened to a conversation's person is said wherever the user is. */
  #printNote(message: ChatMessage, here: boolean): void {
    if (here) this.#printer.line(...noteLine(message, this.#names, this.#printer.look.nowMs))
    else {
      const label = this.#names.of(message.conversation)
      this.#printer.line(
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
    this.#printer.print({
      id: message.id,
      render: () =>
        messageRows(this.#latest.get(message.id) ?? message, label, this.#printer.look, quote),
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
