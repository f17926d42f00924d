import { hasPassphrase, protectFolder } from '../../keystore/folder-vault.ts'
import { askNew, folderPassphrase } from '../passphrases.ts'
import { withFolder, type KeyTask } from './key-task.ts'

/** `sotto passphrase`: the first passphrase of a data folder, or another one. */
export async function setPassphrase(task: KeyTask): Promise<void> {
  const { config, program, signal } = task
  const { dataDir, newPassphraseFile } = config
  const had = await hasPassphrase(dataDir)
  const current = folderPassphrase(config, program, signal)
  // A folder that has none yet is what this command is for.
  const passphrases = { ...current, isGiven: false }
  await withFolder(
    task,
    async ({ vault }) => {
      const flag = '--new-passphrase-file'
      const chosen = await askNew(program, newPassphraseFile, 'new passphrase', flag, signal)
      await protectFolder(dataDir, vault, chosen)
    },
    passphrases,
  )
  program.stdout.write(`passphrase ${had ? 'changed' : 'set'} for ${dataDir}\n`)
}
