/** Fingerprints as people read, say and compare them. */
const DIGITS = 64
const GROUP_DIGITS = 4

/** Sixteen groups of four digits: what fits in one breath, and on a phone four to a line. */
export function fingerprintGroups(fingerprint: string): string[] {
  return fingerprint.match(new RegExp(`.{1,${String(GROUP_DIGITS)}}`, 'gu')) ?? []
}

/** Enough to tell two people of one name apart at a glance; never enough to trust. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprintGroups(fingerprint).slice(0, 2).join(' ')
}

export type Comparison = 'empty' | 'incomplete' | 'match' | 'mismatch'

/** Compares what somebody typed or pasted, whatever blanks, colons or capitals it came with. */
export function compareFingerprint(typed: string, fingerprint: string): Comparison {
  const digits = typed.toLowerCase().replace(/[\s:.-]/gu, '')
  if (digits === '') return 'empty'
  if (!fingerprint.startsWith(digits)) return 'mismatch'
  return digits.length === DIGITS ? 'match' : 'incomplete'
}

/** A hue of their own for everybody, 0 to 359. */
export function fingerprintHue(fingerprint: string): number {
  return Number.parseInt(fingerprint.slice(0, 4), 16) % 360 || 0
}
