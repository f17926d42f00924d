import { parseArgs } from 'node:util'
import { UsageError } from './errors.ts'
import { OPTION_ENTRIES } from './options.ts'
import type { GivenOptions, OptionKey, OptionSpec } from './options.ts'

export interface Arguments {
  /** Those that are no options: `['identity', 'show']`. */
  readonly words: readonly string[]
  readonly given: GivenOptions
}

const SHORT: Readonly<Record<string, string>> = { h: 'help', V: 'version' }

/**
 * Reads the words after the program's name. What they mean is for command.ts and config.ts.
 * @throws UsageError for an option that there is not
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
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') {
      words.push(token.value)
    } else if (token.kind === 'option') {
      const [key, spec] = find(token.name, token.rawName)
      const value = readValue(spec, token.rawName, token.value, token.inlineValue)
      const known = (given[key] ??= { from: `--${spec.name}`, values: [] })
      // Given twice, the last one counts, so that an alias of one's own can be overridden.
      known.values = spec.repeatable ? [...known.values, value] : [value]
    }
  }
  return { words, given }
}

function typeOf(spec: OptionSpec): 'string' | 'boolean' {
  return spec.value === undefined ? 'boolean' : 'string'
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
