import { open } from 'node:fs/promises'
import { wipe } from '../../../crypto/bytes.ts'
import { pkcs8ToEncryptedPem } from '../../../crypto/encrypted-pem.ts'
import { spkiToPem } from '../../../crypto/pem.ts'
import { nodeCrypto } from '../../crypto/node-crypto.ts'
import { KeystoreError } from '../../keystore/errors.ts'
import { keptIdentity } from '../../keystore/identity-store.ts'
import { askNew } from '../passphrases.ts'
import { noIdentity, withExistingFolder, type KeyTask } from './key-task.ts'
import type { Identity } from '../../../chat/identity/identity.ts'

/**
 * `sotto identity export`: the person's two private keys, signing before agreement, each in a PEM block of its own
 * under one passphrase. The peer key stays: two peers with one id would get in each other's way.
 */
export async function exportIdentity(task: KeyTask): Promise<void> {
  const { config, program } = task
  await withExistingFolder(task, async ({ records }) => {
    const identity = await keptIdentity(nodeCrypto, records)
    if (identity === undefined) throw noIdentity(config.dataDir)
    if (config.out !== undefined) await writePrivateKeys(task, identity, config.out)
    if (config.printPublic) program.stdout.write(spkiToPem(identity.signing.publicKey.spki))
  })
}

async function writePrivateKeys(
  { config, program, signal }: KeyTask,
  { signing, agreement }: Identity,
  path: string,
): Promise<void> {
  const [file, flag] = [config.pemPassphraseFile, '--pem-passphrase-file']
  const passphrase = await askNew(program, file, `passphrase for ${path}`, flag, signal)
  const blocks: string[] = []
  for (const { privateKey } of [signing, agreement]) {
    const pkcs8 = await nodeCrypto.exportPrivateKey(privateKey)
    const randomBytes = (length: number) => nodeCrypto.randomBytes(length)
    blocks.push(await pkcs8ToEncryptedPem(pkcs8, passphrase, randomBytes))
    wipe(pkcs8)
  }
  await writeNew(path, blocks.join(''))
}

/** Never over a file that is there: it may be somebody's only copy. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (err) {
    const isThere = err instanceof Error && 'code' in err && err.code === 'EEXIST'
    const reason = isThere ? 'is there already' : 'cannot be written'
    throw new KeystoreError(`the file ${path} ${reason}`, { cause: err })
  }
}
