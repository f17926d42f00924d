/**
 * How many columns of a terminal a text takes: 2 for East Asian wide and fullwidth characters and for emoji,
 * 0 for what sits on another character, 1 for the rest. Counted by grapheme, as modern terminals draw
 * (https://www.unicode.org/reports/tr11/, https://www.unicode.org/reports/tr51/).
 */

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
const EMOJI = /^(?:\p{RGI_Emoji}|\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/v
const ZERO_WIDTH = /^[\p{Cc}\p{Cf}\p{M}]/u

/** First and last code points that are W or F in EastAsianWidth.txt, neighbours with only unassigned between merged. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2fb],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
]

/** The user-perceived characters of `text`. */
export function graphemes(text: string): string[] {
  if (PRINTABLE_ASCII.test(text)) return Array.from(text)
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** Columns of one grapheme: 0, 1 or 2. */
export function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1 && PRINTABLE_ASCII.test(grapheme)) return 1
  if (EMOJI.test(grapheme)) return 2
  if (ZERO_WIDTH.test(grapheme)) return 0
  const code = grapheme.codePointAt(0) ?? 0
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}

/** Columns of a text without line breaks or escape sequences. */
export function displayWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length
  return graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0)
}

/** `text`, or as much of it as fits into `columns` with a `…` at its end. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const grapheme of graphemes(text)) {
    width += graphemeWidth(grapheme)
    if (width > columns - 1) break
    kept += grapheme
  }
  return `${kept}…`
}

/** `text` cut or filled with spaces to exactly `columns`. */
export function fit(text: string, columns: number): string {
  const cut = truncate(text, columns)
  return cut + ' '.repeat(Math.max(0, columns - displayWidth(cut)))
}

/** Rows below its first that the end of `text` is on, when a terminal of `columns` breaks it wherever it must. */
export function lastRow(text: string, columns: number): number {
  let offset = 0
  for (const grapheme of graphemes(text)) {
    const width = graphemeWidth(grapheme)
    if (width === 2 && (offset + 1) % columns === 0) offset++
    offset += width
  }
  return Math.floor(offset / columns)
}
