import { OPTION_ENTRIES } from './options.ts'
import type { Command, Given, GivenOptions, OptionKey } from './options.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What the environment says of a command's options. A variable that is set but empty counts as not set. */
export function readEnvironment(env: Environment, command: Command): GivenOptions {
  const given: Partial<Record<OptionKey, Given>> = {}
  for (const [key, spec] of OPTION_ENTRIES) {
    if (spec.env === undefined || !spec.commands.includes(command)) continue
    const text = env[spec.env]?.trim() ?? ''
    if (text === '') continue
    const values = spec.repeatable ? text.split(',').map((value) => value.trim()) : [text]
    given[key] = { from: spec.env, values: values.filter((value) => value !== '') }
  }
  return given
}
