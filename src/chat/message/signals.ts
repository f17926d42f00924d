/** Contents about the conversation as a whole: what was read, what is agreed, who is typing. docs/specs/chat.md §5.5 */
import {
  MAX_READ_TARGETS,
  MAX_DISAPPEARING_SECONDS,
  MIN_DISAPPEARING_SECONDS,
} from './constants.ts'
import { isVersion } from './amendments.ts'
import { isMessageId } from './message-id.ts'
import type { Content } from './content.ts'

/** Messages of the other side that the user has seen. */
export interface ReadContent extends Content {
  readonly type: 'read'
  readonly targets: readonly string[]
}

/** What holds for both sides from now on. Of two, the higher version counts; of two alike, the higher id. */
export interface AgreementContent extends Content {
  readonly type: 'agreement'
  readonly version: number
  /** Seconds that messages stay; 0 for ever. */
  readonly disappearing: number
}

/** Passing: heard while a session is up, or never. */
export interface TypingContent extends Content {
  readonly type: 'typing'
  readonly typing: boolean
}

export function isRead(content: Content): content is ReadContent {
  const { targets } = content as Partial<ReadContent>
  return (
    content.type === 'read' &&
    Array.isArray(targets) &&
    targets.length > 0 &&
    targets.length <= MAX_READ_TARGETS &&
    targets.every(isMessageId)
  )
}

export function isAgreement(content: Content): content is AgreementContent {
  const { version, disappearing } = content as Partial<AgreementContent>
  return content.type === 'agreement' && isVersion(version) && isDisappearing(disappearing)
}

export function isTyping(content: Content): content is TypingContent {
  return (
    content.type === 'typing' && typeof (content as Partial<TypingContent>).typing === 'boolean'
  )
}

/** Whether messages may be asked to stay for so many seconds. */
export function isDisappearing(value: unknown): value is number {
  if (value === 0) return true
  return (
    Number.isSafeInteger(value) &&
    Number(value) >= MIN_DISAPPEARING_SECONDS &&
    Number(value) <= MAX_DISAPPEARING_SECONDS
  )
}
