import { KeystoreError } from '../../keystore/errors.ts'
import { keptPhrase } from '../../keystore/identity-store.ts'
import { promptLine } from '../prompt-line.ts'
import { noIdentity, withExistingFolder, type KeyTask } from './key-task.ts'

const WORDS_A_LINE = 6
const WARNING = `Whoever reads these 24 words can be you, for ever. Write them on paper, where
nobody looks over your shoulder; do not photograph them or store them in a file.
`

/** `sotto identity phrase`: to a person at a terminal, never into a file or a log. */
export async function showPhrase(task: KeyTask): Promise<void> {
  const { config, program, signal } = task
  if (program.stdin.isTTY !== true || program.stdout.isTTY !== true) {
    throw new KeystoreError('the recovery phrase is shown in a terminal only')
  }
  await withExistingFolder(task, async ({ records }) => {
    if (await records.isEmpty()) throw noIdentity(config.dataDir)
    const words = (await keptPhrase(records)).split(' ')
    program.stderr.write(WARNING)
    const question = 'Type yes to see them: '
    const answer = await promptLine(program, question, { echo: true, signal })
    if (answer.trim().toLowerCase() !== 'yes') throw new KeystoreError('cancelled')
    for (let at = 0; at < words.length; at += WORDS_A_LINE) {
      program.stdout.write(`${words.slice(at, at + WORDS_A_LINE).join(' ')}\n`)
    }
  })
}
