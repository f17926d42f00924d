import { fold, foldTraced } from './fold.ts'

/** Words of a query beyond these are not looked at; nobody types as many. */
const MAX_WORDS = 16

/** The words of a query, folded, each once, the longest first: it sorts out the most. */
export function wordsOf(query: string): string[] {
  const words = fold(query)
    .split(/\s+/u)
    .filter((word) => word.length > 0)
  return [...new Set(words)].sort((a, b) => b.length - a.length).slice(0, MAX_WORDS)
}

/** Where words stand in a text, in order, what overlaps or touches as one. */
export function findMatches(text: string, words: readonly string[]): [number, number][] {
  const { folded, offsets } = foldTraced(text)
  const found: [number, number][] = []
  for (const word of words) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
      found.push([offsets[at] ?? 0, endOf(offsets, at + word.length)])
    }
  }
  return joined(found.sort(([a], [b]) => a - b))
}

/** Behind the character that the unit before `end` came from. */
function endOf(offsets: readonly number[], end: number): number {
  const last = offsets[end - 1]
  let next = end
  while (next < offsets.length - 1 && offsets[next] === last) next++
  return offsets[next] ?? 0
}

function joined(ranges: readonly [number, number][]): [number, number][] {
  const out: [number, number][] = []
  for (const [start, end] of ranges) {
    const last = out.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else out.push([start, end])
  }
  return out
}
