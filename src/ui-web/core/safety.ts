/** Safety numbers as people read, say and compare them. */
import { compareFingerprint, type Comparison } from './fingerprint.ts'

const DIGITS = 60
const GROUP = /.{1,5}/gu
const CODE_START = 'SOTTO1:'
const CODE_LENGTH = CODE_START.length + 64 + 1 + 64

/** Twelve groups of five. */
export function safetyGroups(digits: string): string[] {
  return digits.match(GROUP) ?? []
}

/** The text of a QR code as a scanner gives it, when that is what was typed. */
export function safetyCodeIn(typed: string): string | undefined {
  const code = typed.replace(/\s/gu, '').toUpperCase()
  return code.startsWith(CODE_START) ? code : undefined
}

/** Whether there may be more of the code to come. */
export function isWholeCode(code: string): boolean {
  return code.length >= CODE_LENGTH
}

/** Compares typed digits with the safety number, or with the fingerprint for those who compare that. */
export function compareDigits(typed: string, safety: string, fingerprint: string): Comparison {
  const digits = typed.replace(/[\s.-]/gu, '')
  if (digits !== '' && safety.startsWith(digits)) {
    return digits.length === DIGITS ? 'match' : 'incomplete'
  }
  return compareFingerprint(typed, fingerprint)
}
