/**
 * What is inside a message: JSON with `type`, `id` and `timestamp`, and more as the type says. Unknown types
 * parse, so that an older program can say "sent something this version does not know" instead of failing.
 */
import { MAX_CONTENT_BYTES, MAX_TEXT_BYTES } from './constants.ts'
import { MalformedMessageError, OversizedMessageError } from './errors.ts'
import { isMessageId, messageIdTime } from './message-id.ts'
import { isDisappearing } from './signals.ts'

export interface Content {
  readonly type: string
  readonly id: string
  /** Milliseconds since 1970 by the author's clock; the same as inside the id. */
  readonly timestamp: number
  /** How long ago it was written, ms, where the author's clock was set since. docs/specs/delivery.md §6 */
  readonly age?: number
  /** Its place among what its author wrote in this conversation, from 1. docs/specs/delivery.md §4 */
  readonly number?: number
  /** Its author had the other side's messages up to this number. */
  readonly after?: number
}

export interface TextContent extends Content {
  readonly type: 'text'
  readonly text: string
  /** Id of the message that it answers. */
  readonly replyTo?: string
  /** Seconds that it stays, once it is delivered (with its author) or read (with its reader). §5.5 */
  readonly disappears?: number
  /** `{ ttl, reads }`: seconds and number of times after which it burns. §5.3 */
  readonly burn?: unknown
}

/** Told once a session is up: how the other side calls itself, and how many sessions it remembers. §6.1 */
export interface ProfileContent extends Content {
  readonly type: 'profile'
  readonly name?: string
  /** docs/specs/presence.md §3 */
  readonly status?: unknown
  readonly picture?: unknown
  readonly revision?: unknown
  readonly channels?: unknown
  readonly seen?: unknown
  readonly restored?: unknown
  readonly behind?: unknown
  /** Whether it reads several contents under one signature. §5.2 */
  readonly batches?: unknown
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export function encodeContent(content: Content): Uint8Array {
  return encoder.encode(JSON.stringify(content))
}

/** @throws MalformedMessageError | OversizedMessageError */
export function decodeContent(bytes: Uint8Array): Content {
  if (bytes.byteLength > MAX_CONTENT_BYTES) {
    throw new OversizedMessageError(`a message of ${bytes.byteLength} bytes is too long`)
  }
  const value = parseJson(bytes)
  if (typeof value !== 'object' || value === null) throw new MalformedMessageError('not an object')
  const { type, id, timestamp } = value as Record<string, unknown>
  if (typeof type !== 'string' || type.length === 0 || type.length > 64) {
    throw new MalformedMessageError('a message without a type')
  }
  if (!isMessageId(id)) throw new MalformedMessageError('a message without a proper id')
  if (typeof timestamp !== 'number' || timestamp !== messageIdTime(id)) {
    throw new MalformedMessageError('a message whose timestamp is not the one in its id')
  }
  return value as Content
}

export function isText(content: Content): content is TextContent {
  return (
    content.type === 'text' &&
    'text' in content &&
    typeof content.text === 'string' &&
    content.text.length > 0 &&
    isShortText(content.text) &&
    (!('replyTo' in content) || isMessageId(content.replyTo)) &&
    (!('disappears' in content) || isDisappearing(content.disappears))
  )
}

export function isProfile(content: Content): content is ProfileContent {
  return content.type === 'profile' && (!('name' in content) || typeof content.name === 'string')
}

/** At most `MAX_TEXT_BYTES`. A UTF-16 code unit takes three bytes at most: few texts have to be encoded to be measured. */
export function isShortText(text: string): boolean {
  return text.length * 3 <= MAX_TEXT_BYTES || encoder.encode(text).byteLength <= MAX_TEXT_BYTES
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes))
  } catch {
    // the parser's own message quotes the text; it must not get into a log
    throw new MalformedMessageError('a message that is not JSON')
  }
}
