import { isFingerprint } from '../../../crypto/fingerprint.ts'
import { UsageError } from '../errors.ts'
import { shortFingerprint } from '../format.ts'
import type { Fingerprint, Person } from '../../../chat/api.ts'
import type { CommandContext } from './command.ts'

/**
 * Whom the words mean, among those at hand: by name, by the start of the fingerprint, or by all of it.
 * @throws UsageError when that is nobody, or several
 */
export function whom(session: CommandContext, words: string): Person {
  const digits = words.replace(/[\s:]/gu, '')
  const near = session.names.byPrefix(digits)
  const found = near.length > 0 ? near : session.names.byName(words)
  const [only] = found
  if (only === undefined)
    throw new UsageError(`nobody at hand is called ${words}: /open finds them`)
  if (found.length > 1) {
    const starts = found.map(({ fingerprint }) => shortFingerprint(fingerprint)).join(' or ')
    throw new UsageError(`several people are called ${words}: say ${starts}`)
  }
  return only
}

/** The same, for what is known of a fingerprint even where its bearer is not at hand. */
export function whose(session: CommandContext, words: string): Fingerprint {
  const digits = words.replace(/[\s:]/gu, '').toLowerCase()
  return isFingerprint(digits) ? digits : whom(session, words).fingerprint
}
