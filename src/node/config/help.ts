import { COMMANDS, OPTION_ENTRIES, PEER_COMMANDS } from './options.ts'
import type { Topic } from './command.ts'
import type { Command, OptionSpec } from './options.ts'

/** What each command does, in the order of the help. */
const SUMMARIES: Readonly<Record<Command, string>> = {
  node: 'serve the page to this machine and help the network',
  chat: 'talk in this terminal',
  'identity show': 'print name, fingerprint and peer id',
  'identity phrase': 'show the 24 words of the recovery phrase',
  'identity restore': 'be who 24 words say, in an empty data folder',
  'identity export': 'write the private keys to an encrypted PEM file',
  'identity import': 'be who a PEM file says, in an empty data folder',
  'passphrase set': 'keep the data folder under a new passphrase',
  'passphrase remove': 'keep the data folder under a key file instead',
}

const NOTES = `A flag counts before its variable. In a variable several values are parted by
commas. Exit codes: 0 done, 1 it could not, 2 wrong command line.
`

const KEY_NOTES = `Without --data the data folder is that of 'sotto chat'. Words and passphrases
are never arguments: they are asked for in the terminal, read from a file or,
for 'identity restore', from standard input.
`

/** What `--help` prints: 80 columns, the order of the tables. Without a topic: everything. */
export function helpText(topic?: Topic): string {
  const commands = COMMANDS.filter((one) => topic === undefined || one.split(' ')[0] === topic)
  const options = OPTION_ENTRIES.filter(([, spec]) =>
    commands.some((one) => spec.commands.includes(one)),
  )
  const width = Math.max(...commands.map((one) => one.length)) + 3
  return `Usage: sotto ${topic === undefined ? 'COMMAND' : `${topic} ACTION`} [OPTIONS]

A private messenger with no server in between.

Commands:
${commands.map((one) => `  ${one.padEnd(width)}${SUMMARIES[one]}`).join('\n')}

Options:
${options.map(([, spec]) => `  ${label(spec)}\n      ${text(spec)}`).join('\n')}

${topic === undefined ? NOTES : KEY_NOTES}`
}

function label(spec: OptionSpec): string {
  return spec.value === undefined ? `--${spec.name}` : `--${spec.name} ${spec.value}`
}

function text(spec: OptionSpec): string {
  const isGeneral = spec.commands === COMMANDS || spec.commands === PEER_COMMANDS
  const notes = [
    ...(isGeneral ? [] : [`${spec.commands.join(', ')} only`]),
    ...(spec.repeatable ? ['repeatable'] : []),
    ...(spec.env === undefined ? [] : [`or $${spec.env}`]),
  ]
  return notes.length === 0 ? spec.summary : `${spec.summary}\n      [${notes.join(', ')}]`
}
