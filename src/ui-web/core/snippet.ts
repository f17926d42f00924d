/** Characters of a message that are shown before its first match, and altogether. */
const BEFORE = 24
const LENGTH = 140

export interface SnippetPart {
  readonly text: string
  readonly matched: boolean
}

/** The part of a text that holds its first match, cut into what matched and what did not. */
export function snippet(
  text: string,
  matches: readonly (readonly [start: number, end: number])[],
): SnippetPart[] {
  const first = matches[0]?.[0] ?? 0
  const start = wholeCharacter(text, Math.max(0, first - BEFORE))
  const end = wholeCharacter(text, Math.min(text.length, start + LENGTH))
  const parts: SnippetPart[] = []
  const add = (from: number, to: number, matched: boolean): void => {
    const piece = text.slice(from, to).replaceAll(/\s+/gu, ' ')
    if (piece !== '') parts.push({ text: piece, matched })
  }
  if (start > 0) parts.push({ text: '… ', matched: false })
  let at = start
  for (const [from, to] of matches) {
    if (from >= end) break
    add(at, from, false)
    add(from, Math.min(to, end), true)
    at = Math.min(to, end)
  }
  add(at, end, false)
  if (end < text.length) parts.push({ text: ' …', matched: false })
  return parts
}

/** Not in the middle of a surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at
}
