import type { KeyRange } from './index.ts'

export function isInRange(key: string, { prefix, after, before }: KeyRange): boolean {
  return (
    key.startsWith(prefix) &&
    (after === undefined || key > after) &&
    (before === undefined || key < before)
  )
}

/** For sorting keys in the order in which a range is gone through. Keys are ASCII: this is a database's order too. */
export function keyOrder({ reverse = false }: KeyRange): (a: string, b: string) => number {
  const isBefore = reverse ? 1 : -1
  return (a, b) => (a === b ? 0 : a < b ? isBefore : -isBefore)
}
