import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KeystoreError } from '../../keystore/errors.ts'
import { openSealedFolder, type SealedFolder } from '../../store/sealed-folder.ts'
import { folderPassphrase } from '../passphrases.ts'
import type { KeyConfig } from '../../config/key-config.ts'
import type { PassphraseSource } from '../../keystore/passphrase.ts'
import type { Program } from '../program.ts'

/** What a command that looks after keys is given. */
export interface KeyTask {
  readonly config: KeyConfig
  readonly program: Program
  readonly signal: AbortSignal
}

/** Runs with the data folder open, and makes one where there is none. */
export async function withFolder<Result>(
  { config, program, signal }: KeyTask,
  use: (folder: SealedFolder) => Promise<Result>,
  passphrases: PassphraseSource = folderPassphrase(config, program, signal),
): Promise<Result> {
  const folder = await openSealedFolder(config.dataDir, passphrases)
  try {
    return await use(folder)
  } finally {
    await folder.records.close()
    folder.vault.close()
  }
}

/** Likewise, but makes nothing. @throws KeystoreError when nobody has lived there */
export async function withExistingFolder<Result>(
  task: KeyTask,
  use: (folder: SealedFolder) => Promise<Result>,
  passphrases?: PassphraseSource,
): Promise<Result> {
  const { dataDir } = task.config
  const isThere = await stat(join(dataDir, 'records')).then(
    () => true,
    () => false,
  )
  if (!isThere) throw noIdentity(dataDir)
  return withFolder(task, use, passphrases)
}

export function noIdentity(dataDir: string): KeystoreError {
  return new KeystoreError(`the data folder ${dataDir} holds no identity yet`)
}
