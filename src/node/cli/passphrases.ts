/**
 * Where passphrases come from: a file, or a person at a terminal. Never an argument or a variable of the environment:
 * docs/decisions/passphrase-sources.md.
 */
import { PassphraseError } from '../keystore/errors.ts'
import { requireFit, type PassphraseSource } from '../keystore/passphrase.ts'
import { promptLine } from './prompt-line.ts'
import { readPassphraseFile } from './secret-input.ts'
import type { Program } from './program.ts'

interface FolderConfig {
  readonly dataDir: string | undefined
  readonly passphraseFile: string | undefined
}

/** What a peer needs to know of its data folder. */
export interface FolderOptions {
  readonly dataDir: string | undefined
  readonly passphrases: PassphraseSource
}

/** The passphrase that opens a data folder. */
export function folderPassphrase(
  { dataDir, passphraseFile }: FolderConfig,
  program: Program,
  signal: AbortSignal,
): PassphraseSource {
  return {
    isGiven: passphraseFile !== undefined,
    ask: () => {
      const question = `passphrase of ${String(dataDir)} (not shown): `
      return askOnce(program, passphraseFile, question, '--passphrase-file', signal)
    },
  }
}

/** A passphrase that exists. @throws PassphraseError when nobody can be asked for it */
export async function askOnce(
  program: Program,
  file: string | undefined,
  question: string,
  flag: string,
  signal: AbortSignal,
): Promise<string> {
  if (file !== undefined) return readPassphraseFile(file)
  if (program.stdin.isTTY !== true) {
    throw new PassphraseError(`a passphrase is needed: start in a terminal, or give ${flag} FILE`)
  }
  return promptLine(program, question, { echo: false, signal })
}

/** A passphrase that is being chosen: typed twice, since nobody sees it. @throws PassphraseError */
export async function askNew(
  program: Program,
  file: string | undefined,
  what: string,
  flag: string,
  signal: AbortSignal,
): Promise<string> {
  const first = requireFit(await askOnce(program, file, `${what} (not shown): `, flag, signal))
  if (file !== undefined) return first
  const second = await promptLine(program, 'once more: ', { echo: false, signal })
  if (second !== first) throw new PassphraseError('the two passphrases are not the same')
  return first
}
