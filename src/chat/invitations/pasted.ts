/** From what a user pasted, scanned or opened to the link in it. docs/specs/contact-link.md §2 */
import { MAX_PASTED_CHARACTERS } from './constants.ts'
import { InvalidLinkError } from './errors.ts'
import { decodeLink } from './link.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Invitation } from './invitation.ts'

/** `sotto:…`, `web+sotto:…`, or either as the fragment of a page's address. */
const LOOKS_LIKE = /^[<"'(\s]*(?:https?:\/\/[^#\s]*#)?(?:web\+)?sotto:/iu
const LINK = /(?:web\+)?sotto:(?:\/\/)?([a-z2-7\s]+)/iu

/** Whether it is meant as a link, good or not: nothing else that a user types begins so. */
export function looksLikeLink(text: string): boolean {
  return LOOKS_LIKE.test(text)
}

/**
 * Takes a link that was wrapped over several lines, and one with words behind it.
 * @throws InvalidLinkError
 */
export function readLink(crypto: Pick<CryptoPort, 'sha256'>, text: string): Invitation {
  const [, found] = LINK.exec(text.slice(0, MAX_PASTED_CHARACTERS)) ?? []
  if (found === undefined) throw new InvalidLinkError('link-damaged')
  const candidates = [found.replace(/\s+/gu, ''), found.trim().split(/\s/u)[0] ?? '']
  try {
    return decodeLink(crypto, candidates[0] ?? '')
  } catch (err) {
    if (candidates[0] === candidates[1]) throw err
    return decodeLink(crypto, candidates[1] ?? '')
  }
}
