/**
 * Message ids: 48 bits of milliseconds since 1970 and 80 random bits, 32 hexadecimal digits. They sort by time,
 * and nobody needs to ask anybody for one. docs/specs/chat.md §5.1
 */
import { toHex } from '../../crypto/bytes.ts'

const TIME_BYTES = 6
const RANDOM_BYTES = 10

export const MESSAGE_ID_BYTES = TIME_BYTES + RANDOM_BYTES

const PATTERN = /^[0-9a-f]{32}$/

export function createMessageId(
  nowMs: number,
  randomBytes: (length: number) => Uint8Array,
): string {
  return nowMs.toString(16).padStart(TIME_BYTES * 2, '0') + toHex(randomBytes(RANDOM_BYTES))
}

export function isMessageId(value: unknown): value is string {
  return typeof value === 'string' && PATTERN.test(value)
}

/** The time inside an id, milliseconds since 1970. */
export function messageIdTime(id: string): number {
  return Number.parseInt(id.slice(0, TIME_BYTES * 2), 16)
}
