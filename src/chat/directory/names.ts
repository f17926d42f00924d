/**
 * Names people choose: 1 to 32 letters, digits, marks, emoji, spaces and `. _ -`, of any script, and nothing that
 * does not show. Two spellings that a reader cannot tell apart by case, width or composition are one name. Names are
 * not owned; the fingerprint is who somebody is. docs/specs/directory.md §3
 */
import { InvalidNameError } from '../errors.ts'

const MAX_NAME_LENGTH = 32
const ALLOWED = /^[\p{L}\p{N}\p{M}\p{Emoji_Presentation} ._-]+$/u
/** Letters and marks among those allowed that show nothing: fillers, variation selectors, joiners. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u

/** The name as shown: trimmed, composed (NFC), single spaces. @throws InvalidNameError */
export function cleanName(name: string): string {
  const cleaned = singleSpaced(name.normalize('NFC'))
  // what it is looked up by must be a name as well: folding makes brackets and long words of some single letters
  for (const form of [cleaned, fold(cleaned)]) requireName(form)
  return cleaned
}

/** The form under which a name is looked up: compatibility-composed, lower case. @throws InvalidNameError */
export function normaliseName(name: string): string {
  return fold(cleanName(name))
}

function requireName(form: string): void {
  const length = Array.from(form).length
  if (length === 0) throw new InvalidNameError('a name needs at least one character')
  if (length > MAX_NAME_LENGTH) {
    throw new InvalidNameError(`a name has at most ${MAX_NAME_LENGTH} characters`)
  }
  if (!ALLOWED.test(form) || INVISIBLE.test(form)) {
    throw new InvalidNameError('a name is made of letters, digits, spaces and . _ -')
  }
}

/** Lower case may come apart again (İ), so compose once more. */
function fold(cleaned: string): string {
  return singleSpaced(cleaned.normalize('NFKC').toLowerCase().normalize('NFKC'))
}

function singleSpaced(text: string): string {
  return text.trim().replace(/\s+/gu, ' ')
}
