import { join } from 'node:path'
import { LevelDatastore } from 'datastore-level'
import { MemoryStore } from '../chat/store/memory-store.ts'
import { RecordStore } from '../chat/store/record-store.ts'
import { Vault } from '../crypto/vault.ts'
import { nodeCrypto } from './crypto/node-crypto.ts'
import { NO_PASSPHRASE, type PassphraseSource } from './keystore/passphrase.ts'
import { openDatabase } from './store/database-errors.ts'
import { makeFolder } from './store/make-folder.ts'
import { openSealedFolder } from './store/sealed-folder.ts'
import type { Datastore } from 'interface-datastore'

export { brokenDatabase } from './store/database-errors.ts'

/** What a peer keeps: its own records, sealed, and libp2p's peer store and DHT records, which are public. */
export interface DataFolder {
  readonly records: RecordStore
  readonly datastore: Datastore | undefined
  close(): Promise<void>
}

/** Opens, or makes, a data folder (0700). @throws DataFolderError | BrokenDatabaseError | PassphraseError */
export async function openDataFolder(
  path: string,
  passphrases: PassphraseSource = NO_PASSPHRASE,
): Promise<DataFolder> {
  const { records, vault } = await openSealedFolder(path, passphrases)
  try {
    await makeFolder(join(path, 'libp2p'))
    const datastore = new LevelDatastore(join(path, 'libp2p'))
    await openDatabase(path, () => datastore.open())
    return {
      records,
      datastore,
      close: async () => {
        await datastore.close()
        vault.close()
      },
    }
  } catch (err) {
    await records.close()
    throw err
  }
}

/** Nothing is written anywhere; everything is gone when the process is. */
export function memoryFolder(): DataFolder {
  const vault = new Vault(nodeCrypto, nodeCrypto.randomBytes(32))
  return {
    records: new RecordStore(new MemoryStore(), vault),
    datastore: undefined,
    close: () => {
      vault.close()
      return Promise.resolve()
    },
  }
}
