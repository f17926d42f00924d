import { VOUCH_BYTES } from '../../crypto/vouch.ts'
import type { Content } from '../message/content.ts'

/** One contact's signed word for another, as it travels inside a conversation. docs/specs/identity.md §4.2 */
export interface VouchContent extends Content {
  readonly type: 'vouch'
  /** The bytes of `src/crypto/vouch.ts`, hexadecimal. */
  readonly vouch: string
}

const VOUCH = new RegExp(`^(?:[0-9a-f]{2}){${String(VOUCH_BYTES)}}$`, 'u')

export function isVouch(content: Content): content is VouchContent {
  return (
    content.type === 'vouch' &&
    'vouch' in content &&
    typeof content.vouch === 'string' &&
    VOUCH.test(content.vouch)
  )
}
