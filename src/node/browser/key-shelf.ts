import { deleteDB, openDB } from 'idb'
import type { KeptKeys } from './browser-keys.ts'

const STORE = 'keys'
const NAME = 'identity'

/** The one place in a profile where its keys lie. */
export interface KeyShelf {
  read(): Promise<KeptKeys | undefined>
  /** For an empty shelf: fails rather than put one identity in another's place. */
  write(keys: KeptKeys): Promise<void>
  /** The same identity, kept another way. The old or the new is there, whenever the power goes. */
  replace(keys: KeptKeys): Promise<void>
}

export async function withKeyShelf<Result>(
  databaseName: string,
  use: (shelf: KeyShelf) => Promise<Result>,
): Promise<Result> {
  const db = await openDB(`${databaseName}-keys`, 1, {
    upgrade: (database) => {
      database.createObjectStore(STORE)
    },
  })
  // On the disk when it is done: nothing else of a profile can be read without it.
  const store = () => db.transaction(STORE, 'readwrite', { durability: 'strict' })
  try {
    return await use({
      read: async () => (await db.get(STORE, NAME)) as KeptKeys | undefined,
      write: async (keys) => {
        const { store: shelf, done } = store()
        await Promise.all([shelf.add(keys, NAME), done])
      },
      replace: async (keys) => {
        const { store: shelf, done } = store()
        await Promise.all([shelf.put(keys, NAME), done])
      },
    })
  } finally {
    db.close()
  }
}

export function removeKeyShelf(databaseName: string): Promise<void> {
  return deleteDB(`${databaseName}-keys`)
}
