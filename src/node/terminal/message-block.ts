import { localTime, stateText } from './format.ts'
import { layout } from './layout.ts'
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
  readonly mark?: Span
}

/** `12:03 bob: text`, or `12:03 you: text  ✓ delivered`. */
export function messageRows(message: ChatMessage, label: string, look: MessageLook): string[] {
  return rowsOf(
    {
      ...message,
      label,
      ...(message.outgoing && { mark: { text: stateText(message), style: stateStyle(message) } }),
    },
    look,
  )
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
    plain(`: ${cleanText(line.text).replace(/\n{3,}/gu, '\n\n')}`),
    ...(line.mark === undefined ? [] : [plain('  '), line.mark]),
  ]
  const rows = layout(spans, { ...look, continuation: CONTINUATION })
  if (rows.length <= MAX_MESSAGE_ROWS) return rows
  const hidden = rows.length - MAX_MESSAGE_ROWS
  return [
    ...rows.slice(0, MAX_MESSAGE_ROWS),
    ...layout([CONTINUATION, dim(`… ${String(hidden)} more rows, not shown`)], look),
  ]
}

export function stateStyle(message: ChatMessage): Style {
  switch (message.state) {
    case 'failed':
      return 'bad'
    case 'queued':
      return 'warning'
    case 'delivered':
      return 'good'
    case 'sent':
    case 'received':
      return 'dim'
  }
}
