import { OPTION_ENTRIES } from './options.ts'
import type { OptionSpec } from './options.ts'

/** What `--help` prints: 80 columns, the order of the table. */
export function helpText(): string {
  const options = OPTION_ENTRIES.map(([, spec]) => ({ label: label(spec), text: text(spec) }))
  return `Usage: sotto COMMAND [OPTIONS]

A private messenger with no server in between.

Commands:
  node   run a peer that serves the page to this machine and helps the network
  chat   talk in this terminal

Options:
${options.map((option) => `  ${option.label}\n      ${option.text}`).join('\n')}

A flag counts before its variable. In a variable several values are parted by
commas. Exit codes: 0 done, 1 it could not, 2 wrong command line.
`
}

function label(spec: OptionSpec): string {
  return spec.value === undefined ? `--${spec.name}` : `--${spec.name} ${spec.value}`
}

function text(spec: OptionSpec): string {
  const notes = [
    ...(spec.commands.length === 1 ? [`${spec.commands.join()} only`] : []),
    ...(spec.repeatable ? ['repeatable'] : []),
    ...(spec.env === undefined ? [] : [`or $${spec.env}`]),
  ]
  return notes.length === 0 ? spec.summary : `${spec.summary}\n      [${notes.join(', ')}]`
}
