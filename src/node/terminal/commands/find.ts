import { UsageError } from '../errors.ts'
import { suggest } from '../suggest.ts'
import type { Command } from './command.ts'

/**
 * The command of a name, with or without its slash.
 * @throws UsageError with the nearest name, when there is one
 */
export function findCommand(commands: readonly Command[], word: string): Command {
  const name = word.replace(/^\//u, '').toLowerCase()
  const found = commands.find((command) => command.name === name)
  if (found !== undefined) return found
  const nearest = suggest(
    name,
    commands.map((command) => command.name),
  )
  const hint = nearest === undefined ? '/help lists them all' : `did you mean /${nearest}?`
  throw new UsageError(`there is no /${name}: ${hint}`)
}
