/** Mistakes that a suggestion forgives: one for short words, two from five letters on. */
function tolerance(word: string): number {
  return word.length < 5 ? 1 : 2
}

/** The candidate that was most likely meant: the only one that `word` begins, or else the nearest misspelling. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const begun = word === '' ? [] : candidates.filter((candidate) => candidate.startsWith(word))
  if (begun.length > 0) return begun[0]
  let nearest: string | undefined
  let least = tolerance(word) + 1
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate)
    if (distance < least) {
      least = distance
      nearest = candidate
    }
  }
  return nearest
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours, each counted one. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replace)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
