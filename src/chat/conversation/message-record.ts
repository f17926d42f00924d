import { fromHex, toHex } from '../../crypto/bytes.ts'
import type { BurnBox } from '../burn/burn-box.ts'
import type { ChatMessage } from '../api.ts'
import type { StoredMessage } from './history.ts'

/** A message in the database. What one that burns says is sealed once more, under a key of its own. */
export interface MessageRecord extends StoredMessage {
  /** Hexadecimal; JSON of `Words`. */
  readonly sealed?: string
}

/** Everything in a message that somebody wrote. */
type Words = Pick<StoredMessage, 'text' | 'versions'>

/** Digits of a place in a path: places sort as numbers do, up to 2^48. */
const ORDER_DIGITS = 12

export function messagePath(
  kind: 'message' | 'waiting',
  fingerprint: string,
  order: number,
): string {
  return `${kind}/${fingerprint}/${placeOf(order)}`
}

/** A place as the end of a path. */
export function placeOf(order: number): string {
  return order.toString(16).padStart(ORDER_DIGITS, '0')
}

/** The place in such a path. */
export function orderOf(path: string): number {
  return Number.parseInt(path.slice(-ORDER_DIGITS), 16)
}

/** Whether a message has a key of its own: those that are to leave nothing behind. */
export function isMortal({ burn, disappearsAfter }: ChatMessage): boolean {
  return burn !== undefined || disappearsAfter !== undefined
}

export async function sealMessage(message: StoredMessage, burns: BurnBox): Promise<MessageRecord> {
  if (!isMortal(message)) return message
  const { text, versions, ...rest } = message
  const words = JSON.stringify({ text, ...(versions && { versions }) } satisfies Words)
  const sealed = message.state === 'burned' ? undefined : await burns.seal(message, words)
  if (sealed === undefined) return { ...rest, text: '', state: 'burned' }
  return { ...rest, text: '', sealed: toHex(sealed) }
}

export interface OpenOptions {
  readonly burns: BurnBox
  readonly nowMs: number
  readonly isWaiting: boolean
}

/** The message of a record, in the state that it is in. What is overdue or whose key is gone has burned. */
export async function openMessage(
  record: MessageRecord,
  options: OpenOptions,
): Promise<StoredMessage> {
  const { sealed, ...rest } = record
  const message = inItsState(rest, options.isWaiting)
  if (sealed === undefined) return message
  const isDue = (message.expiresAt ?? Infinity) <= options.nowMs
  const words = isDue ? undefined : await options.burns.open(message.id, fromHex(sealed))
  return words === undefined
    ? { ...message, state: 'burned' }
    : { ...message, ...(JSON.parse(words) as Words) }
}

function inItsState(message: StoredMessage, isWaiting: boolean): StoredMessage {
  const { state, outgoing } = message
  return outgoing && isOnItsWay(state) && !isWaiting ? { ...message, state: 'delivered' } : message
}

/** Not acknowledged by the other side, and not given up. */
export function isOnItsWay(state: ChatMessage['state']): boolean {
  return state === 'queued' || state === 'sent' || state === 'stored'
}

/**
 * A stored message as its readers see it, without what is nobody's business but the history's: what burns by reading
 * shows its text only to who reads it.
 */
export function toChatMessage(stored: StoredMessage): ChatMessage {
  const { order, offered, number, after, queuedAt, amended, ...message } = stored
  return message.burn === undefined || message.outgoing ? message : { ...message, text: '' }
}
