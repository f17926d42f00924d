import type { Entry } from './batch-codec.ts'

/**
 * Two lists of one order as one: what the database has, with what is pending put over it and what is pending as deleted
 * left out.
 */
export async function* mergeEntries(
  stored: AsyncIterable<readonly [string, Uint8Array]>,
  pending: readonly Entry[],
  compare: (a: string, b: string) => number,
): AsyncGenerator<readonly [string, Uint8Array]> {
  const newer = pending[Symbol.iterator]()
  let head = newer.next()
  for await (const entry of stored) {
    let isReplaced = false
    for (; head.done !== true && compare(head.value[0], entry[0]) <= 0; head = newer.next()) {
      const [key, value] = head.value
      isReplaced ||= key === entry[0]
      if (value !== undefined) yield [key, value]
    }
    if (!isReplaced) yield entry
  }
  for (; head.done !== true; head = newer.next()) {
    const [key, value] = head.value
    if (value !== undefined) yield [key, value]
  }
}
