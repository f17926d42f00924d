import { parseArgs } from 'node:util'
import { UsageError } from './errors.ts'
import { OPTION_ENTRIES } from './options.ts'
import type { Command, GivenOptions, OptionKey, OptionSpec } from './options.ts'

export interface Arguments {
  /** Undefined when only `--help` or `--version` was asked. */
  readonly command: Command | undefined
  readonly given: GivenOptions
}

const SHORT: Readonly<Record<string, string>> = { h: 'help', V: 'version' }
const COMMANDS: readonly string[] = ['node', 'chat'] satisfies Command[]

/**
 * Reads the words after the program's name. What they mean is for config.ts.
 * @throws UsageError for a command or an option that there is not
 */
export function readArguments(argv: readonly string[]): Arguments {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      OPTION_ENTRIES.map(([, spec]) => [spec.name, { type: typeOf(spec) }]),
    ),
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  const given: Partial<Record<OptionKey, { from: string; values: string[] }>> = {}
  let command: Command | undefined
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (command !== undefined) throw new UsageError(`unexpected argument '${token.value}'`)
      command = asCommand(token.value)
    } else if (token.kind === 'option') {
      const [key, spec] = find(token.name, token.rawName)
      const value = readValue(spec, token.rawName, token.value, token.inlineValue)
      const known = (given[key] ??= { from: `--${spec.name}`, values: [] })
      // Given twice, the last one counts, so that an alias of one's own can be overridden.
      known.values = spec.repeatable ? [...known.values, value] : [value]
    }
  }
  return { command, given }
}

function typeOf(spec: OptionSpec): 'string' | 'boolean' {
  return spec.value === undefined ? 'boolean' : 'string'
}

function asCommand(word: string): Command {
  if (!COMMANDS.includes(word)) throw new UsageError(`unknown command '${word}'`)
  return word as Command
}

function find(name: string, rawName: string): readonly [OptionKey, OptionSpec] {
  const long = rawName.startsWith('--') ? name : SHORT[name]
  const entry = OPTION_ENTRIES.find(([, spec]) => spec.name === long)
  if (entry === undefined) throw new UsageError(`unknown option '${rawName}'`)
  return entry
}

function readValue(
  spec: OptionSpec,
  rawName: string,
  value: string | undefined,
  inline: boolean | undefined,
): string {
  if (spec.value === undefined) {
    if (value !== undefined) throw new UsageError(`option '${rawName}' takes no value`)
    return 'true'
  }
  // `--port --name x`: the value was forgotten. `--name=-x` says that it is meant.
  if (value === undefined || value === '' || (value.startsWith('-') && inline !== true)) {
    throw new UsageError(`option '${rawName}' needs a value: ${spec.value}`)
  }
  return value
}
