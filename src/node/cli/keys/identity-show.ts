import { nodeCrypto } from '../../crypto/node-crypto.ts'
import { hasPassphrase } from '../../keystore/folder-vault.ts'
import { hasPhrase, keptIdentity } from '../../keystore/identity-store.ts'
import { noIdentity, withExistingFolder, type KeyTask } from './key-task.ts'
import type { SealedFolder } from '../../store/sealed-folder.ts'

/** `sotto identity show` */
export async function showIdentity(task: KeyTask): Promise<void> {
  await withExistingFolder(task, (folder) => printIdentity(task, folder))
}

/** Who the data folder is, in the banner's layout. Nothing of it is secret. @throws KeystoreError for nobody */
export async function printIdentity(
  { config: { dataDir }, program }: KeyTask,
  { records }: SealedFolder,
): Promise<void> {
  const identity = await keptIdentity(nodeCrypto, records)
  if (identity === undefined) throw noIdentity(dataDir)
  // What the chat core keeps of its own profile.
  const self = await records.get<{ readonly name?: string }>('self')
  const rows = [
    ['name', self?.name ?? '(none yet)'],
    ['fingerprint', identity.fingerprint],
    ['peer id', identity.peerKey.publicKey.toString()],
    ['phrase', (await hasPhrase(records)) ? '24 words' : 'none: the keys were imported'],
    ['passphrase', (await hasPassphrase(dataDir)) ? 'yes' : 'no'],
    ['data folder', dataDir],
  ] as const
  program.stdout.write(rows.map(([label, value]) => `${label.padEnd(13)}${value}\n`).join(''))
}
