import { protectFolder } from '../../keystore/folder-vault.ts'
import { folderPassphrase } from '../passphrases.ts'
import { withExistingFolder, type KeyTask } from './key-task.ts'

/** `sotto passphrase remove`: from now on the key file opens the data folder. */
export async function removePassphrase(task: KeyTask): Promise<void> {
  const { config, program, signal } = task
  await withExistingFolder(task, ({ vault }) => protectFolder(config.dataDir, vault, undefined), {
    ...folderPassphrase(config, program, signal),
    isGiven: false,
  })
  program.stdout.write(`passphrase removed: whoever can read ${config.dataDir} can open it\n`)
}
