import { join } from 'node:path'
import { LevelDatastore } from 'datastore-level'
import { BurnKeys } from '../chat/burn/burn-keys.ts'
import { MemorySlotFile } from '../chat/burn/slot-file.ts'
import { MemoryStore } from '../chat/store/memory-store.ts'
import { RecordStore } from '../chat/store/record-store.ts'
import { Vault } from '../crypto/vault.ts'
import { nodeCrypto } from './crypto/node-crypto.ts'
import { NO_PASSPHRASE, type PassphraseSource } from './keystore/passphrase.ts'
import { openDatabase } from './store/database-errors.ts'
import { LEVEL_MEMORY } from './store/level-store.ts'
import { makeFolder } from './store/make-folder.ts'
import { OverwrittenFile } from './store/overwritten-file.ts'
import { GatheringDatastore } from './store/gathering-datastore.ts'
import { openSealedFolder } from './store/sealed-folder.ts'
import type { Datastore } from 'interface-datastore'

export { brokenDatabase } from './store/database-errors.ts'

/** What a peer keeps: its own records, sealed, and libp2p's peer store and DHT records, which are public. */
export interface DataFolder {
  readonly records: RecordStore
  readonly burnKeys: BurnKeys
  readonly datastore: Datastore | undefined
  /** Lets go of every file; what is closed already stays so. */
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
    const level = new LevelDatastore(join(path, 'libp2p'), LEVEL_MEMORY)
    await openDatabase(path, () => level.open())
    const datastore = new GatheringDatastore(level)
    const burnKeys = new BurnKeys(nodeCrypto, vault, new OverwrittenFile(join(path, 'burn.keys')))
    return {
      records,
      burnKeys,
      datastore,
      close: async () => {
        await burnKeys.close()
        await records.close()
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
    burnKeys: new BurnKeys(nodeCrypto, vault, new MemorySlotFile()),
    datastore: undefined,
    close: () => {
      vault.close()
      return Promise.resolve()
    },
  }
}
