import { join } from 'node:path'
import { BrokenDatabaseError } from '../errors.ts'
import { destroyFile, readIfThere, replaceFile } from './durable-file.ts'

const KEY_BYTES = 32

/**
 * The key that opens a data folder without a passphrase, in a file only its owner can read (0600). Whoever can read
 * the file can read the records: it keeps a copied database from saying anything, no more.
 */
const pathOf = (folder: string): string => join(folder, 'vault.key')

/** The caller overwrites it. @throws BrokenDatabaseError when the file is missing or is not a key */
export async function readKeyFile(folder: string): Promise<Uint8Array> {
  const key = await readIfThere(pathOf(folder))
  if (key?.length === KEY_BYTES) return key
  const state = key === undefined ? 'is missing' : 'is not a key'
  throw new BrokenDatabaseError(`${pathOf(folder)} ${state}; restore it from a backup`)
}

/** Makes a new one in place of any that is there. The caller overwrites it. */
export async function makeKeyFile(
  folder: string,
  randomBytes: (length: number) => Uint8Array,
): Promise<Uint8Array> {
  const key = randomBytes(KEY_BYTES)
  await replaceFile(pathOf(folder), key)
  return key
}

export async function destroyKeyFile(folder: string): Promise<void> {
  await destroyFile(pathOf(folder))
}
