/** What a block says of its place in the ratchet, 73 bytes. docs/specs/session.md §6 */
import { ByteReader } from '../byte-reader.ts'
import { concatBytes, uint16Bytes } from '../bytes.ts'
import { COMPRESSED_BYTES } from '../p256-points.ts'

export const HEADER_BYTES = 2 * COMPRESSED_BYTES + 7

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
  return concatBytes(
    header.turnKey,
    header.epochKey,
    uint16Bytes(header.epoch),
    Uint8Array.of(header.number, header.previousEpochCount),
    uint16Bytes(header.previousTurnEpoch),
    Uint8Array.of(header.previousTurnCount),
  )
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
