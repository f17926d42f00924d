import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BrokenDatabaseError } from '../errors.ts'

const KEY_BYTES = 32

/**
 * The key that seals the data folder's records, in a file only its owner can read (0600); made when it is missing.
 * Whoever can read the file can read the records: it keeps a copied database from saying anything, no more.
 * @throws BrokenDatabaseError when the file is not a key
 */
export async function loadKeyFile(
  folder: string,
  randomBytes: (length: number) => Uint8Array,
): Promise<Uint8Array> {
  const path = join(folder, 'vault.key')
  const key = (await readKey(path)) ?? (await createKey(path, randomBytes(KEY_BYTES)))
  if (key.byteLength !== KEY_BYTES) {
    throw new BrokenDatabaseError(`${path} is not a key; restore it from a backup`)
  }
  return key
}

async function readKey(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path))
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return undefined
    throw err
  }
}

async function createKey(path: string, key: Uint8Array): Promise<Uint8Array> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(key)
    await file.sync()
  } finally {
    await file.close()
  }
  return key
}
