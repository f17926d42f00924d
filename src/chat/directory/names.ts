/**
 * Names people choose: 1 to 32 letters, digits, marks, spaces and `. _ -`, of any script. Two spellings that a reader cannot
 * tell apart by case or composition are one name. Names are not owned; the fingerprint is who somebody is.
 * docs/specs/identity.md §5.1
 */
import { InvalidNameError } from '../errors.ts'

const MAX_NAME_LENGTH = 32
const ALLOWED = /^[\p{L}\p{N}\p{M}\p{Emoji_Presentation} ._-]+$/u

/** The name as shown: trimmed, composed (NFC), single spaces. @throws InvalidNameError */
export function cleanName(name: string): string {
  const cleaned = name.normalize('NFC').trim().replace(/\s+/gu, ' ')
  const length = [...cleaned].length
  if (length === 0) throw new InvalidNameError('a name needs at least one character')
  if (length > MAX_NAME_LENGTH) {
    throw new InvalidNameError(`a name has at most ${MAX_NAME_LENGTH} characters`)
  }
  if (!ALLOWED.test(cleaned)) {
    throw new InvalidNameError('a name is made of letters, digits, spaces and . _ -')
  }
  return cleaned
}

/** The form under which a name is looked up: compatibility-composed, case-folded. @throws InvalidNameError */
export function normaliseName(name: string): string {
  return cleanName(name).normalize('NFKC').toLowerCase()
}
