import { fillPadding } from '../../crypto/padding.ts'
import {
  CHUNK_HEADER_BYTES,
  ChunkKind,
  FRAGMENT_HEADER_BYTES,
  writeChunk,
  type Chunk,
} from './chunks.ts'

/** How many fragments one packet may take: a u16 on the wire, far fewer in practice. */
const MAX_FRAGMENTS = 0xffff

/**
 * Packs packets into plaintext blocks of one size, in order: as many to a block as fit, a long one split over as
 * many blocks as it takes, the rest of each block padded.
 */
export class FramePacker {
  readonly #blockBytes: number
  readonly #randomBytes: (length: number) => Uint8Array
  #nextGroup = 0

  constructor(blockBytes: number, randomBytes: (length: number) => Uint8Array) {
    this.#blockBytes = blockBytes
    this.#randomBytes = randomBytes
  }

  /** Blocks for the packets; an empty list still makes one block, of padding alone. */
  pack(packets: readonly Chunk[]): Uint8Array[] {
    const blocks: Uint8Array[] = []
    let pending: Chunk[] = []
    let used = 0
    for (const chunk of packets.flatMap((packet) => this.#split(packet))) {
      const size = CHUNK_HEADER_BYTES + chunk.data.byteLength
      if (used + size > this.#blockBytes) {
        blocks.push(this.#block(pending, used))
        pending = []
        used = 0
      }
      pending.push(chunk)
      used += size
    }
    if (pending.length > 0 || blocks.length === 0) blocks.push(this.#block(pending, used))
    return blocks
  }

  #block(chunks: readonly Chunk[], used: number): Uint8Array {
    const block = new Uint8Array(this.#blockBytes)
    let offset = 0
    for (const chunk of chunks) offset = writeChunk(block, offset, chunk)
    // behind the end mark, which is 0; a full block needs none
    fillPadding(block, used + 1, this.#randomBytes)
    return block
  }

  #split(packet: Chunk): Chunk[] {
    if (CHUNK_HEADER_BYTES + packet.data.byteLength <= this.#blockBytes) return [packet]
    if (packet.kind !== ChunkKind.message) throw new RangeError('only messages can be split')
    const capacity = this.#blockBytes - CHUNK_HEADER_BYTES - FRAGMENT_HEADER_BYTES
    const count = Math.ceil(packet.data.byteLength / capacity)
    if (count > MAX_FRAGMENTS) throw new RangeError('a message too long to split')
    const group = this.#nextGroup++ >>> 0
    return Array.from({ length: count }, (_, index) => {
      const part = packet.data.subarray(index * capacity, (index + 1) * capacity)
      const data = new Uint8Array(FRAGMENT_HEADER_BYTES + part.byteLength)
      const view = new DataView(data.buffer)
      view.setUint32(0, group)
      view.setUint16(4, index)
      view.setUint16(6, count)
      data.set(part, FRAGMENT_HEADER_BYTES)
      return { kind: ChunkKind.fragment, data }
    })
  }
}
