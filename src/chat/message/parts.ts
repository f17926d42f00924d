/**
 * Long contents travel in parts that know which content they belong to, so that a session takes up where the last one
 * was cut off. The content's place in the sequence is held by an announcement; the parts follow it, or are asked for.
 * docs/specs/delivery.md §5
 */
import { concatBytes, fromHex, readUint16, toHex, uint16Bytes } from '../../crypto/bytes.ts'
import { MAX_CONTENT_BYTES } from './constants.ts'
import { MalformedMessageError } from './errors.ts'
import { MESSAGE_ID_BYTES } from './message-id.ts'
import type { Content } from './content.ts'

/** One part and its header fill a frame: 16 + 2 + 880 bytes, and the chunk's own 3, of the 906 there are. */
export const PART_BYTES = 880

/** Shorter contents go whole: to send four frames again costs less than to ask which. */
export const MIN_PARTED_BYTES = 4 * PART_BYTES

const INDEX_BYTES = 2

/** Runs of parts in one request, which has to fit a frame. Parts come in order, so there is one as a rule. */
const MAX_WANTED_RANGES = 200
const HASH_DIGITS = 64

/** Announces a content: the parts of these bytes have its id, and hash together to this. */
export interface PartsContent extends Content {
  readonly type: 'parts'
  readonly bytes: number
  /** SHA-256, hexadecimal. */
  readonly hash: string
  /** Parts may be there from an earlier session: none is sent until it is asked for. */
  readonly ask?: true
}

export interface Part {
  readonly id: string
  readonly index: number
  readonly data: Uint8Array
}

export interface WantedParts {
  readonly id: string
  /** From the first to the last, both included. */
  readonly ranges: readonly (readonly [from: number, to: number])[]
}

export function isParts(content: Content): content is PartsContent {
  if (content.type !== 'parts') return false
  const { bytes, hash } = content as Partial<PartsContent>
  return (
    Number.isInteger(bytes) &&
    Number(bytes) >= 1 &&
    Number(bytes) <= MAX_CONTENT_BYTES &&
    typeof hash === 'string' &&
    hash.length === HASH_DIGITS &&
    /^[0-9a-f]*$/u.test(hash)
  )
}

export function partCount(bytes: number): number {
  return Math.ceil(bytes / PART_BYTES)
}

/** id ‖ index (u16) ‖ bytes */
export function encodePart(id: string, content: Uint8Array, index: number): Uint8Array {
  const data = content.subarray(index * PART_BYTES, (index + 1) * PART_BYTES)
  return concatBytes(fromHex(id), uint16Bytes(index), data)
}

/** @throws MalformedMessageError */
export function decodePart(bytes: Uint8Array): Part {
  const header = MESSAGE_ID_BYTES + INDEX_BYTES
  if (bytes.byteLength <= header) throw new MalformedMessageError('a part without anything in it')
  return {
    id: toHex(bytes.subarray(0, MESSAGE_ID_BYTES)),
    index: readUint16(bytes, MESSAGE_ID_BYTES),
    data: bytes.subarray(header),
  }
}

/** id ‖ from (u16) ‖ to (u16) ‖ from ‖ to …; where there are too many runs for a frame, the last ones are asked for as one. */
export function encodeWanted({ id, ranges: all }: WantedParts): Uint8Array {
  const ranges = all.slice(0, MAX_WANTED_RANGES)
  const [first] = ranges.at(-1) ?? []
  const [, last] = all.at(-1) ?? []
  if (first !== undefined && last !== undefined) ranges.splice(-1, 1, [first, last])
  return concatBytes(fromHex(id), ...ranges.flat().map(uint16Bytes))
}

/** @throws MalformedMessageError */
export function decodeWanted(bytes: Uint8Array): WantedParts {
  const rest = bytes.byteLength - MESSAGE_ID_BYTES
  if (rest <= 0 || rest % (2 * INDEX_BYTES) !== 0) {
    throw new MalformedMessageError('a request for parts that asks for nothing')
  }
  const ranges: [number, number][] = []
  for (let at = MESSAGE_ID_BYTES; at < bytes.byteLength; at += 2 * INDEX_BYTES) {
    const [from, to] = [readUint16(bytes, at), readUint16(bytes, at + INDEX_BYTES)]
    const last = ranges.at(-1)?.[1] ?? -1
    if (from <= last || to < from) throw new MalformedMessageError('parts asked for out of order')
    ranges.push([from, to])
  }
  return { id: toHex(bytes.subarray(0, MESSAGE_ID_BYTES)), ranges }
}
