/** What a block says of its place in the ratchet, 73 bytes. docs/specs/session.md §6 */
import { ByteReader } from '../byte-reader.ts'
import { writeUint16 } from '../bytes.ts'
import { COMPRESSED_BYTES } from '../p256-points.ts'

const EPOCH_OFFSET = 2 * COMPRESSED_BYTES
export const HEADER_BYTES = EPOCH_OFFSET + 7

export interface Header {
  /** Compressed points. */
  readonly turnKey: Uint8Array
  /** All zeros in a turn's first epoch. */
  readonly epochKey: Uint8Array
  readonly epoch: number
  /** Position in the epoch, from 0. */
  readonly number: number
  /** How many blocks the previous epoch of this turn has; 0 in the first. */
  readonly previousEpochCount: number
  /** Index of the previous turn's last epoch, and how many blocks that has. */
  readonly previousTurnEpoch: number
  readonly previousTurnCount: number
}

export function encodeHeader(header: Header): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES)
  bytes.set(header.turnKey)
  bytes.set(header.epochKey, COMPRESSED_BYTES)
  writeUint16(bytes, EPOCH_OFFSET, header.epoch)
  bytes[EPOCH_OFFSET + 2] = header.number
  bytes[EPOCH_OFFSET + 3] = header.previousEpochCount
  writeUint16(bytes, EPOCH_OFFSET + 4, header.previousTurnEpoch)
  bytes[EPOCH_OFFSET + 6] = header.previousTurnCount
  return bytes
}

/** `bytes` are the 73 that a header key opened. */
export function decodeHeader(bytes: Uint8Array): Header {
  const reader = new ByteReader(bytes)
  return {
    turnKey: reader.take(COMPRESSED_BYTES),
    epochKey: reader.take(COMPRESSED_BYTES),
    epoch: reader.uint16(),
    number: reader.uint8(),
    previousEpochCount: reader.uint8(),
    previousTurnEpoch: reader.uint16(),
    previousTurnCount: reader.uint8(),
  }
}
