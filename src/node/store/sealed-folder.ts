import { join } from 'node:path'
import { isEmpty } from '../../chat/store/is-empty.ts'
import { RecordStore } from '../../chat/store/record-store.ts'
import { DecryptionError } from '../../crypto/errors.ts'
import { openFolderVault } from '../keystore/folder-vault.ts'
import { brokenDatabase, openDatabase } from './database-errors.ts'
import { JournaledStore } from './journaled-store.ts'
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
  const store = await openDatabase(path, () => openStore(path))
  try {
    const vault = await openFolderVault(path, await isEmpty(store), passphrases)
    return { records: new RecordStore(store, vault), vault }
  } catch (err) {
    await store.close()
    throw err instanceof DecryptionError ? brokenDatabase(path, err) : err
  }
}

/** LevelDB and the journal before it, each in a folder of its own; the lock of the one is that of both. */
async function openStore(path: string): Promise<JournaledStore> {
  const [records, journal] = [join(path, 'records'), join(path, 'journal')]
  await makeFolder(records)
  await makeFolder(journal)
  const database = await LevelStore.open(records)
  try {
    return await JournaledStore.open(database, journal)
  } catch (err) {
    await database.close()
    throw err
  }
}
