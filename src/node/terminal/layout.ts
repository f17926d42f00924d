import { cleanText } from './sanitise.ts'
import { graphemes, graphemeWidth } from './width.ts'
import type { Paint, Span, Style } from './paint.ts'

interface Cell {
  readonly text: string
  readonly width: number
  readonly style: Style
}

export interface LayoutOptions {
  /** Columns of the terminal. One stays free: writing into the last one makes terminals disagree on where they are. */
  readonly columns: number
  readonly paint: Paint
  /** Put before every row but the first, so that no line break in a message can start a line of its own. */
  readonly continuation?: Span
}

const DEFAULT_CONTINUATION: Span = { text: '  ', style: 'plain' }

/**
 * Breaks styled text into the rows of a terminal. Every span is sanitised here, at the one place that everything
 * printed interactively passes through; escape sequences are added afterwards, by us alone.
 */
export function layout(spans: readonly Span[], options: LayoutOptions): string[] {
  const wanted = cells([options.continuation ?? DEFAULT_CONTINUATION])
  // In a very narrow window only its end, which carries the sign, is worth the room.
  const continuation = wanted.length > options.columns / 2 ? wanted.slice(-2) : wanted
  const limit = Math.max(options.columns - 1, widthOf(continuation) + 4)
  const rows: Cell[][] = []
  let row: Cell[] = []
  /** Cells at the start of `row` that are only its indentation. */
  let indent = 0
  const breakRow = (rest: Cell[]): void => {
    rows.push(row)
    row = [...continuation, ...rest]
    indent = continuation.length
  }

  for (const cell of cells(spans)) {
    if (cell.text === '\n') {
      breakRow([])
      continue
    }
    if (widthOf(row) + cell.width > limit) {
      if (cell.text === ' ') {
        breakRow([])
        continue
      }
      const cut = breakBefore(row, indent, cell)
      breakRow(row.splice(cut))
    }
    row.push(cell)
  }
  rows.push(row)
  return rows.map((finished) => paintRow(finished, options.paint))
}

function cells(spans: readonly Span[]): Cell[] {
  return spans.flatMap(({ text, style }) =>
    graphemes(cleanText(text)).map((part) => ({ text: part, width: graphemeWidth(part), style })),
  )
}

function widthOf(row: readonly Cell[]): number {
  let width = 0
  for (const cell of row) width += cell.width
  return width
}

/** The index in `row` of what moves to the next row with `next`: after a space, round a wide character, or here. */
function breakBefore(row: readonly Cell[], indent: number, next: Cell): number {
  if (next.width === 2) return row.length
  for (let index = row.length; index > indent; index--) {
    const before = row[index - 1]
    if (before?.text === ' ' || before?.width === 2) return index
  }
  return row.length
}

/** Trailing spaces go, and neighbours of one style share their escape sequences. */
function paintRow(row: readonly Cell[], paint: Paint): string {
  let painted = ''
  let run = ''
  let style: Style = 'plain'
  const end = row.findLastIndex((cell) => cell.text !== ' ') + 1
  for (const cell of row.slice(0, end)) {
    if (cell.style !== style) {
      painted += paint(style, run)
      run = ''
      style = cell.style
    }
    run += cell.text
  }
  return painted + paint(style, run)
}
