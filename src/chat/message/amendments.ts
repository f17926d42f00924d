/**
 * Contents that change a message which is there already: edits, reactions, deletions. Each names its target; versions
 * say which of two is the newer, whatever clocks say and in whatever order they come. docs/specs/chat.md §5.4
 */
import { MAX_EDITS, MAX_REACTION_BYTES, MAX_TEXT_BYTES, MAX_VERSION } from './constants.ts'
import { isMessageId } from './message-id.ts'
import type { Content } from './content.ts'

export interface Amendment extends Content {
  /** Id of the message it is about. */
  readonly target: string
}

/** What the author's message says from now on. */
export interface EditContent extends Amendment {
  readonly type: 'edit'
  /** How often it was edited, this time included. */
  readonly version: number
  readonly text: string
}

/** The one reaction that its author has to the message from now on. */
export interface ReactionContent extends Amendment {
  readonly type: 'reaction'
  readonly version: number
  /** One emoji, or empty: none. */
  readonly emoji: string
}

/** The author takes the message back. */
export interface DeletionContent extends Amendment {
  readonly type: 'deletion'
}

const encoder = new TextEncoder()

export function isEdit(content: Content): content is EditContent {
  const { target, version, text } = content as Partial<EditContent>
  return (
    content.type === 'edit' &&
    isMessageId(target) &&
    isVersion(version, MAX_EDITS) &&
    typeof text === 'string' &&
    text.length > 0 &&
    encoder.encode(text).byteLength <= MAX_TEXT_BYTES
  )
}

export function isReaction(content: Content): content is ReactionContent {
  const { target, version, emoji } = content as Partial<ReactionContent>
  return (
    content.type === 'reaction' &&
    isMessageId(target) &&
    isVersion(version, MAX_VERSION) &&
    typeof emoji === 'string' &&
    (emoji === '' || isEmoji(emoji))
  )
}

export function isDeletion(content: Content): content is DeletionContent {
  return content.type === 'deletion' && isMessageId((content as Partial<DeletionContent>).target)
}

/** A whole number from 1. */
export function isVersion(value: unknown, highest = MAX_VERSION): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= highest
}

/**
 * One emoji, as the eye counts. Decided by properties of its characters and not by a list, so that a newer program may
 * send what this one's Unicode does not know as one yet.
 */
export function isEmoji(text: string): boolean {
  if (encoder.encode(text).byteLength > MAX_REACTION_BYTES) return false
  const graphemes = [...new Intl.Segmenter().segment(text)]
  return graphemes.length === 1 && PICTURE.test(text) && !WORDS.test(text)
}

const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3/u
const WORDS = /\p{L}|\p{Cc}|\p{Z}/u
