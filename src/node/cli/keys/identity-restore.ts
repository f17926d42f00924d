import { InvalidRecoveryPhraseError } from '../../../crypto/errors.ts'
import { normaliseRecoveryPhrase } from '../../../crypto/recovery-phrase.ts'
import { nodeCrypto } from '../../crypto/node-crypto.ts'
import { KeystoreError } from '../../keystore/errors.ts'
import { restoreIdentity } from '../../keystore/identity-store.ts'
import { promptLine } from '../prompt-line.ts'
import { readInput } from '../secret-input.ts'
import { printIdentity } from './identity-show.ts'
import { withFolder, type KeyTask } from './key-task.ts'

/** `sotto identity restore`: 24 words from the terminal or standard input. Wrong words touch nothing. */
export async function restoreFromPhrase(task: KeyTask): Promise<void> {
  const phrase = readPhrase(await askWords(task))
  await withFolder(task, async (folder) => {
    await restoreIdentity(nodeCrypto, folder.records, phrase)
    await printIdentity(task, folder)
  })
}

function askWords({ program, signal }: KeyTask): Promise<string> {
  if (program.stdin.isTTY !== true) return readInput(program, signal)
  return promptLine(program, 'the 24 words (not shown): ', { echo: false, signal })
}

function readPhrase(typed: string): string {
  try {
    return normaliseRecoveryPhrase(typed)
  } catch (err) {
    if (!(err instanceof InvalidRecoveryPhraseError)) throw err
    throw new KeystoreError(`this is no recovery phrase: ${err.message}`, { cause: err })
  }
}
