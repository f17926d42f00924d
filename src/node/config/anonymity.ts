import { UsageError } from './errors.ts'
import type { GivenOptions, OptionKey } from './options.ts'

/** What writes something down, gives an address out, or says who one is. */
const CONTRADICTIONS: readonly OptionKey[] = [
  'data',
  'passphraseFile',
  'name',
  'listen',
  'announce',
  'tlsCert',
  'tlsKey',
  'autoTls',
  'host',
  'allowHost',
]

/** @throws UsageError where `--anonymous` and another option cannot both be meant, or nobody would relay */
export function requireAnonymity(given: GivenOptions): void {
  if (given.anonymous === undefined) return
  for (const key of CONTRADICTIONS) {
    const from = given[key]?.from
    if (from !== undefined) throw new UsageError(`'${from}' contradicts '--anonymous'`)
  }
  // a node on this machine would give this machine's address out in ours
  if (given.bootstrap === undefined) {
    throw new UsageError(
      "'--anonymous' needs '--bootstrap': somebody else's node to be reached over",
    )
  }
}
