import { localTime, stateText } from './format.ts'
import { layout } from './layout.ts'
import { burnText, placeholderText } from './message-text.ts'
import { dim, personStyle, plain } from './paint.ts'
import { cleanText } from './sanitise.ts'
import type { ChatMessage, Fingerprint, RoomMessage } from '../../chat/api.ts'
import type { Paint, Span, Style } from './paint.ts'

/** Rows of one message at most: a text of nothing but line breaks should not push the talk off the screen. */
const MAX_MESSAGE_ROWS = 200
/** Starts every further row of a message, so that no text can look like a line of somebody else's. */
const CONTINUATION = dim('      │ ')

export interface MessageLook {
  readonly columns: number
  readonly paint: Paint
  readonly nowMs: number
}

interface Line {
  readonly timestamp: number
  readonly author: Fingerprint
  readonly label: string
  readonly outgoing: boolean
  readonly text: string
  /** In front of the text: what it answers. */
  readonly quote?: string | undefined
  /** Behind the text: that it was edited, what people made of it, where it stands. */
  readonly marks?: readonly Span[]
}

/** `12:03 bob: text`, or `12:03 you: text  ✓ delivered`. `quote` is what it answers. */
export function messageRows(
  message: ChatMessage,
  label: string,
  look: MessageLook,
  quote?: string,
): string[] {
  const text = message.text === '' ? (placeholderText(message) ?? '') : message.text
  return rowsOf({ ...message, text, label, quote, marks: marksOf(message) }, look)
}

function marksOf(message: ChatMessage): Span[] {
  if (message.deleted === true) return []
  const reactions = (message.reactions ?? []).map(({ emoji }) => cleanText(emoji)).join(' ')
  return [
    ...(message.editedAt === undefined ? [] : [dim('  (edited)')]),
    ...(reactions === '' ? [] : [plain(`  ${reactions}`)]),
    ...(message.outgoing
      ? [plain('  '), { text: markText(message), style: stateStyle(message) }]
      : []),
  ]
}

export function roomMessageRows(message: RoomMessage, label: string, look: MessageLook): string[] {
  return rowsOf({ ...message, label }, look)
}

function rowsOf(line: Line, look: MessageLook): string[] {
  const spans = [
    dim(`${localTime(line.timestamp, look.nowMs)} `),
    line.outgoing
      ? { text: 'you', style: 'bold' as const }
      : { text: line.label, style: personStyle(line.author) },
    plain(': '),
    ...(line.quote === undefined ? [] : [dim(`↳ ${line.quote}  `)]),
    plain(cleanText(line.text).replace(/\n{3,}/gu, '\n\n')),
    ...(line.marks ?? []),
  ]
  const rows = layout(spans, { ...look, continuation: CONTINUATION })
  if (rows.length <= MAX_MESSAGE_ROWS) return rows
  const hidden = rows.length - MAX_MESSAGE_ROWS
  return [
    ...rows.slice(0, MAX_MESSAGE_ROWS),
    ...layout([CONTINUATION, dim(`… ${String(hidden)} more rows, not shown`)], look),
  ]
}

function markText(message: ChatMessage): string {
  const burns = burnText(message)
  return burns === undefined ? stateText(message) : `${stateText(message)}, ${burns}`
}

export function stateStyle(message: ChatMessage): Style {
  switch (message.state) {
    case 'failed':
      return 'bad'
    case 'queued':
      return 'warning'
    case 'delivered':
    case 'stored':
    case 'read':
      return 'good'
    case 'sent':
    case 'received':
    case 'burned':
      return 'dim'
  }
}
