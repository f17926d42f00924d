import { MAX_MESSAGE_AGE_MS, MAX_MESSAGE_LEAD_MS } from '../message/constants.ts'
import { decodeContent, type Content } from '../message/content.ts'
import { openEnvelope, type Route } from '../message/envelope.ts'
import {
  ExpiredMessageError,
  ReorderedMessageError,
  ReplayedMessageError,
} from '../message/errors.ts'
import { MAX_LETTER_TTL_MS } from '../mailbox/constants.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { OpenedLetter } from './letter.ts'

export interface EnclosedContent {
  readonly content: Content
  /** How long ago it was written, as far as can be known: its age in the letter, and how long the letter lay. */
  readonly ageMs: number
}

/**
 * Opens every envelope of a letter by the rules of a channel: signed for this session, in sequence, each id once, not
 * too old when the letter was written.
 * @throws InvalidSignatureError | MalformedMessageError | OversizedMessageError | ReplayedMessageError |
 * ReorderedMessageError | ExpiredMessageError
 */
export async function openEnvelopes(
  crypto: CryptoPort,
  letter: OpenedLetter,
  recipient: string,
  nowMs: number,
): Promise<EnclosedContent[]> {
  const { session, writtenAt, envelopes } = letter
  const { fingerprint: sender, verifyingKey } = session.remote
  const route: Route = { sender, recipient, session: session.id }
  const layMs = Math.min(Math.max(0, nowMs - writtenAt), MAX_LETTER_TTL_MS)
  const ids = new Set<string>()
  const contents: EnclosedContent[] = []
  for (const [index, envelope] of envelopes.entries()) {
    const { sequence, content: bytes } = await openEnvelope(crypto, verifyingKey, route, envelope)
    const content = decodeContent(bytes)
    if (sequence !== index) throw new ReorderedMessageError('a message out of order')
    if (ids.has(content.id)) throw new ReplayedMessageError('a message came twice')
    ids.add(content.id)
    const ageMs = ageWhenWritten(content, writtenAt)
    if (ageMs > MAX_MESSAGE_AGE_MS) throw new ExpiredMessageError('a message too old')
    contents.push({ content, ageMs: ageMs + layMs })
  }
  return contents
}

function ageWhenWritten(content: Content, writtenAt: number): number {
  const { age } = content as { age?: unknown }
  if (typeof age === 'number' && Number.isSafeInteger(age) && age >= 0) return age
  const ageMs = writtenAt - content.timestamp
  if (ageMs < -MAX_MESSAGE_LEAD_MS) throw new ExpiredMessageError('a message from the future')
  return Math.max(0, ageMs)
}
