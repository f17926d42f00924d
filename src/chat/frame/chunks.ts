/**
 * Inside a sealed frame: chunks, then padding. A chunk is kind (1) ‖ length (u16) ‖ data; kind 0 ends the list and
 * everything after it is padding. Small packets share a frame, long ones are split over several.
 * docs/specs/chat.md §4
 */
import { readUint16 } from '../../crypto/bytes.ts'
import { MalformedFrameError } from './errors.ts'

export const ChunkKind = {
  end: 0,
  /** A whole envelope. */
  message: 1,
  /** Part of an envelope: group (u32) ‖ index (u16) ‖ count (u16) ‖ data. */
  fragment: 2,
  /** Message ids, 16 bytes each: stored by the receiver. */
  acknowledgement: 3,
  /** 8 bytes to be sent back. */
  ping: 4,
  pong: 5,
  /** The sender's multiaddrs, in traversal frames. */
  addresses: 6,
  /** Part of a long content: message id (16) ‖ index (u16) ‖ data. docs/specs/delivery.md §5 */
  part: 7,
  /** Parts to be sent: message id (16) ‖ ranges, u16 ‖ u16 each. */
  wanted: 8,
  /** Several contents under one signature. */
  batch: 9,
} as const

export type ChunkKind = (typeof ChunkKind)[keyof typeof ChunkKind]

export const CHUNK_HEADER_BYTES = 3
export const FRAGMENT_HEADER_BYTES = 8

export interface Chunk {
  readonly kind: number
  readonly data: Uint8Array
}

/** Writes a chunk into a plaintext block at `offset`; returns the offset behind it. */
export function writeChunk(block: Uint8Array, offset: number, chunk: Chunk): number {
  block[offset] = chunk.kind
  block[offset + 1] = chunk.data.byteLength >> 8
  block[offset + 2] = chunk.data.byteLength & 0xff
  block.set(chunk.data, offset + CHUNK_HEADER_BYTES)
  return offset + CHUNK_HEADER_BYTES + chunk.data.byteLength
}

/** @throws MalformedFrameError when a chunk reaches beyond the block */
export function readChunks(block: Uint8Array): Chunk[] {
  const chunks: Chunk[] = []
  let offset = 0
  while (offset < block.byteLength && block[offset] !== ChunkKind.end) {
    const start = offset + CHUNK_HEADER_BYTES
    if (start > block.byteLength) throw new MalformedFrameError('a cut-off chunk')
    const end = start + readUint16(block, offset + 1)
    if (end > block.byteLength) throw new MalformedFrameError('a chunk longer than its frame')
    chunks.push({ kind: block[offset] ?? 0, data: block.subarray(start, end) })
    offset = end
  }
  return chunks
}
