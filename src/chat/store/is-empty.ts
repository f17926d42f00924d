import type { KeyValueStore } from './index.ts'

/** Whether a store holds nothing at all; reads one key at the most. */
export async function isEmpty(store: KeyValueStore): Promise<boolean> {
  const entries = store.iterate({ prefix: '' })[Symbol.asyncIterator]()
  const { done } = await entries.next()
  await entries.return?.()
  return done === true
}
