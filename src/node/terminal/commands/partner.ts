import { UsageError } from '../errors.ts'
import type { Person } from '../../../chat/api.ts'
import type { CommandContext } from './command.ts'

/** Whom the open conversation is with. @throws UsageError when none is open, or nothing is known of them */
export function partner(session: CommandContext): Person {
  const person = session.names.person(session.partner())
  if (person === undefined) throw new UsageError('nothing is known of this person yet')
  return person
}
