import { isMessageId } from './message-id.ts'
import type { Content } from './content.ts'

/** Ids in one `burned`; more are told in several. */
export const MAX_BURNED_IDS = 64

/** Messages of the other side that have burned here. docs/specs/chat.md §5.3 */
export interface BurnedContent extends Content {
  readonly type: 'burned'
  readonly ids: readonly string[]
}

export function burnedContent(
  header: Pick<Content, 'id' | 'timestamp'>,
  ids: readonly string[],
): BurnedContent {
  return { type: 'burned', ...header, ids }
}

export function isBurned(content: Content): content is BurnedContent {
  return (
    content.type === 'burned' &&
    'ids' in content &&
    Array.isArray(content.ids) &&
    content.ids.length <= MAX_BURNED_IDS &&
    content.ids.every(isMessageId)
  )
}
