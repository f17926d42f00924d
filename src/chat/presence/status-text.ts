import { MAX_STATUS_BYTES, MAX_STATUS_LENGTH } from './constants.ts'
import { InvalidStatusError } from './errors.ts'

/** Control characters, halves of characters, and what turns the direction of the text around it. */
const UNSHOWN = /[\p{Cc}\p{Cs}\u{2028}-\u{202E}\u{2066}-\u{2069}]/u

/** A status as it is shown: one line, composed (NFC), single spaces; empty for none. @throws InvalidStatusError */
export function cleanStatus(text: string): string {
  const cleaned = text.normalize('NFC').trim().replace(/\s+/gu, ' ')
  const bytes = new TextEncoder().encode(cleaned).byteLength
  if (Array.from(cleaned).length > MAX_STATUS_LENGTH || bytes > MAX_STATUS_BYTES) {
    throw new InvalidStatusError(`a status has at most ${MAX_STATUS_LENGTH} characters`)
  }
  if (UNSHOWN.test(cleaned)) throw new InvalidStatusError('a status has only what shows')
  return cleaned
}

/** A status as somebody else gave it: shown only when it is one. */
export function acceptableStatus(text: unknown): string | undefined {
  if (typeof text !== 'string' || text === '') return undefined
  try {
    return cleanStatus(text) === text ? text : undefined
  } catch {
    return undefined
  }
}
