import type { Person } from '../../chat/api.ts'

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
/** As long as a link with two addresses, a relay and a name. */
const CHARACTERS = 290

/** What looks like somebody's link; only the mock knows whose it is. */
export function mockLinkOf({ fingerprint }: Person): string {
  const digits = fingerprint.repeat(Math.ceil(CHARACTERS / fingerprint.length))
  const characters = Array.from(
    digits.slice(0, CHARACTERS),
    (digit, index) => BASE32[(Number.parseInt(digit, 16) * 2 + (index % 2)) % BASE32.length] ?? 'a',
  )
  return `sotto:${characters.join('')}`
}
