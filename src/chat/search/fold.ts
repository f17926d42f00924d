/** Combining marks, which `NFKD` sets apart from the letters they belong to. */
const MARKS = /\p{M}/gu

/** A text as it is searched: no case, no accents, full-width and other compatible forms as plain ones. */
export function fold(text: string): string {
  // most of what people write is plain, and needs none of it
  const plain = isAscii(text) ? text : text.normalize('NFKD').replaceAll(MARKS, '')
  return plain.toLowerCase()
}

/** A folded text whose every place can be traced back to the text it came from. */
export interface TracedFold {
  readonly folded: string
  /** Where in the text each UTF-16 unit of `folded` began, and behind the last, where the text ends. */
  readonly offsets: readonly number[]
}

export function foldTraced(text: string): TracedFold {
  let folded = ''
  const offsets: number[] = []
  let offset = 0
  for (const character of text) {
    const piece = fold(character)
    for (let unit = 0; unit < piece.length; unit++) offsets.push(offset)
    folded += piece
    offset += character.length
  }
  offsets.push(text.length)
  return { folded, offsets }
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false
  return true
}
