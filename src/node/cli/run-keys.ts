import { exportIdentity } from './keys/identity-export.ts'
import { importIdentityFile } from './keys/identity-import.ts'
import { showPhrase } from './keys/identity-phrase.ts'
import { restoreFromPhrase } from './keys/identity-restore.ts'
import { showIdentity } from './keys/identity-show.ts'
import { removePassphrase } from './keys/passphrase-remove.ts'
import { setPassphrase } from './keys/passphrase-set.ts'
import type { KeyTask } from './keys/key-task.ts'
import type { Program } from './program.ts'
import type { KeyConfig } from '../config/key-config.ts'
import type { KeyCommand } from '../config/options.ts'

const COMMANDS: Readonly<Record<KeyCommand, (task: KeyTask) => Promise<void>>> = {
  'identity show': showIdentity,
  'identity phrase': showPhrase,
  'identity restore': restoreFromPhrase,
  'identity export': exportIdentity,
  'identity import': importIdentityFile,
  'passphrase set': setPassphrase,
  'passphrase remove': removePassphrase,
}

/** `sotto identity …` and `sotto passphrase …`. Resolves with the exit code. */
export async function runKeys(
  config: KeyConfig,
  program: Program,
  signal: AbortSignal,
): Promise<number> {
  await COMMANDS[config.command]({ config, program, signal })
  return 0
}
