import path from 'node:path'
import { UsageError } from './errors.ts'
import { defaultDataFolder } from './data-folder.ts'
import { readLogLevel, readText } from './values.ts'
import type { Environment } from './environment.ts'
import type { GivenOptions, KeyCommand } from './options.ts'
import type { LogLevel } from './values.ts'

/** What the commands that look after keys are told. */
export interface KeyConfig {
  readonly command: KeyCommand
  readonly dataDir: string
  readonly logLevel: LogLevel
  /** Of the data folder. */
  readonly passphraseFile: string | undefined
  readonly newPassphraseFile: string | undefined
  readonly pemPassphraseFile: string | undefined
  /** Where to write, or to read, private keys. */
  readonly out: string | undefined
  readonly in: string | undefined
  readonly printPublic: boolean
}

/** @throws UsageError */
export function resolveKeyConfig(
  command: KeyCommand,
  given: GivenOptions,
  env: Environment,
): KeyConfig {
  const out = readText(given.out)
  const printPublic = given.public !== undefined
  if (command === 'identity export' && out === undefined && !printPublic) {
    throw new UsageError(`'${command}' needs --out FILE or --public`)
  }
  if (command === 'identity import' && given.in === undefined) {
    throw new UsageError(`'${command}' needs --in FILE`)
  }
  return {
    command,
    // A person sits at the terminal client; a node's folder is named with --data.
    dataDir: path.resolve(readText(given.data) ?? defaultDataFolder('chat', env)),
    logLevel: readLogLevel(given.logLevel, 'INFO'),
    passphraseFile: readText(given.passphraseFile),
    newPassphraseFile: readText(given.newPassphraseFile),
    pemPassphraseFile: readText(given.pemPassphraseFile),
    out,
    in: readText(given.in),
    printPublic,
  }
}
