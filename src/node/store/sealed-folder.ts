import { join } from 'node:path'
import { isEmpty } from '../../chat/store/is-empty.ts'
import { RecordStore } from '../../chat/store/record-store.ts'
import { DecryptionError } from '../../crypto/errors.ts'
import { openFolderVault } from '../keystore/folder-vault.ts'
import { brokenDatabase, openDatabase } from './database-errors.ts'
import { LevelStore } from './level-store.ts'
import { makeFolder } from './make-folder.ts'
import type { Vault } from '../../crypto/vault.ts'
import type { PassphraseSource } from '../keystore/passphrase.ts'

/** The sealed half of a data folder: a peer's own records and the vault that opens them. */
export interface SealedFolder {
  readonly records: RecordStore
  readonly vault: Vault
}

/**
 * Opens, or makes, the records of a data folder. LevelDB's lock is held from before the vault is read, so that two
 * processes never make or change one vault.
 * @throws DataFolderError | BrokenDatabaseError | PassphraseError
 */
export async function openSealedFolder(
  path: string,
  passphrases: PassphraseSource,
): Promise<SealedFolder> {
  await makeFolder(path)
  await makeFolder(join(path, 'records'))
  const store = await openDatabase(path, () => LevelStore.open(join(path, 'records')))
  try {
    const vault = await openFolderVault(path, await isEmpty(store), passphrases)
    return { records: new RecordStore(store, vault), vault }
  } catch (err) {
    await store.close()
    throw err instanceof DecryptionError ? brokenDatabase(path, err) : err
  }
}
