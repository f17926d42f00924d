import { chmod, mkdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { LevelDatastore } from 'datastore-level'
import { KeyCipher } from '../chat/store/key-cipher.ts'
import { MemoryStore } from '../chat/store/memory-store.ts'
import { RecordStore } from '../chat/store/record-store.ts'
import { DecryptionError } from '../crypto/errors.ts'
import { nodeCrypto } from './crypto/node-crypto.ts'
import { BrokenDatabaseError, DataFolderError } from './errors.ts'
import { loadKeyFile } from './keystore/key-file.ts'
import { LevelStore } from './store/level-store.ts'
import type { Datastore } from 'interface-datastore'

/** What a peer keeps: its own records, sealed, and libp2p's peer store and DHT records, which are public. */
export interface DataFolder {
  readonly records: RecordStore
  readonly datastore: Datastore | undefined
  close(): Promise<void>
}

/** Opens, or makes, a data folder (0700). @throws DataFolderError | BrokenDatabaseError */
export async function openDataFolder(path: string): Promise<DataFolder> {
  await makeFolder(path)
  for (const inside of ['records', 'libp2p']) await makeFolder(join(path, inside))
  const store = await openDatabase(path, () => LevelStore.open(join(path, 'records')))
  try {
    const key = await loadKeyFile(path, (length) => nodeCrypto.randomBytes(length))
    const records = new RecordStore(store, new KeyCipher(nodeCrypto, key))
    const datastore = new LevelDatastore(join(path, 'libp2p'))
    await openDatabase(path, () => datastore.open())
    return {
      records,
      datastore,
      close: async () => {
        await datastore.close()
      },
    }
  } catch (err) {
    await store.close()
    throw err instanceof DecryptionError ? brokenDatabase(path, err) : err
  }
}

/** Nothing is written anywhere; everything is gone when the process is. */
export function memoryFolder(): DataFolder {
  const cipher = new KeyCipher(nodeCrypto, nodeCrypto.randomBytes(32))
  return {
    records: new RecordStore(new MemoryStore(), cipher),
    datastore: undefined,
    close: () => Promise.resolve(),
  }
}

export function brokenDatabase(path: string, cause: unknown): BrokenDatabaseError {
  return new BrokenDatabaseError(
    `the database in ${path} cannot be read; restore it from a backup or move it away to begin anew`,
    { cause },
  )
}

async function makeFolder(path: string): Promise<void> {
  try {
    await makeParents(resolve(path))
    await chmod(path, 0o700)
  } catch (err) {
    throw new DataFolderError(`the data folder ${path} cannot be written to`, { cause: err })
  }
}

/** `mkdir` with `recursive` never settles below `/proc` (Node 24): one level at a time. */
async function makeParents(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (err) {
    if (hasCode(err, 'EEXIST') && (await stat(path)).isDirectory()) return
    if (!hasCode(err, 'ENOENT') || dirname(path) === path) throw err
    await makeParents(dirname(path))
    await mkdir(path, { mode: 0o700 })
  }
}

function hasCode(err: unknown, code: string): boolean {
  return err instanceof Error && 'code' in err && err.code === code
}

async function openDatabase<Result>(path: string, open: () => Promise<Result>): Promise<Result> {
  try {
    return await open()
  } catch (err) {
    const code = levelCode(err)
    if (code === 'LEVEL_LOCKED') {
      throw new DataFolderError(`the data folder ${path} is in use by another Sotto`, {
        cause: err,
      })
    }
    if (code === 'LEVEL_CORRUPTION') throw brokenDatabase(path, err)
    const text = causeText(err)
    // LevelDB says "Corruption" and "IO error" in words only, where a file of its own is missing or damaged
    if (/corrupt|missing|invalid|not an sstable|does not exist/iu.test(text)) {
      throw brokenDatabase(path, err)
    }
    throw new DataFolderError(`the data folder ${path} cannot be used: ${text}`, { cause: err })
  }
}

function levelCode(err: unknown): unknown {
  const cause = err instanceof Error ? err.cause : undefined
  if (cause instanceof Error && 'code' in cause) return cause.code
  return err instanceof Error && 'code' in err ? err.code : undefined
}

function causeText(err: unknown): string {
  if (!(err instanceof Error)) return String(err)
  return err.cause === undefined ? err.message : causeText(err.cause)
}
