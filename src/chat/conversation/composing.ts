import { burnOf, type BurnTerms } from '../burn/burn-terms.ts'
import { InvalidContentError } from '../errors.ts'
import { isShortText } from '../message/content.ts'
import { createMessageId } from '../message/message-id.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { ConversationInit } from './conversation-init.ts'
import type { StoredMessage } from './history.ts'

/** What every content begins with: an id, and the time in it. */
export interface ContentHeader {
  readonly id: string
  readonly timestamp: number
}

/** What a message is sent with. */
export interface SendTerms {
  readonly burn?: BurnTerms
  readonly replyTo?: string
}

export function contentHeader(crypto: CryptoPort, timestamp: number): ContentHeader {
  return { timestamp, id: createMessageId(timestamp, (length) => crypto.randomBytes(length)) }
}

/** A text of ours, next in the conversation. @throws InvalidBurnError */
export function composeText(
  {
    history,
    identity,
    fingerprint,
  }: Pick<ConversationInit, 'history' | 'identity' | 'fingerprint'>,
  header: ContentHeader,
  text: string,
  { burn, replyTo }: SendTerms,
): StoredMessage {
  return {
    ...header,
    text,
    conversation: fingerprint,
    author: identity.fingerprint,
    outgoing: true,
    state: 'queued',
    order: history.nextOrder(),
    ...(burn && { burn: burnOf(burn) }),
    ...(replyTo !== undefined && { replyTo }),
  }
}

/** @throws InvalidContentError */
export function requireText(text: string): void {
  if (text === '') throw new InvalidContentError('a message needs some text')
  if (!isShortText(text)) throw new InvalidContentError('a text has at most 64 KiB')
}
