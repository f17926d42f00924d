import { concatBytes } from '../../crypto/bytes.ts'
import { FRAME_BYTES, FRAME_PREFIX, WIRE_FRAME_BYTES } from './constants.ts'
import { FrameSizeError } from './errors.ts'
import type { Uint8ArrayList } from 'uint8arraylist'

const [PREFIX_LOW, PREFIX_HIGH] = FRAME_PREFIX

/**
 * Cuts a byte stream into frames. A stream's `message` events carry any chunking of the bytes, never message
 * boundaries; since all frames have one size, the decoder knows where each ends and refuses a wrong prefix at
 * its second byte, so no stranger can make it hold more than one frame.
 */
export class FrameDecoder {
  /** The beginning of a frame. */
  #pending = new Uint8Array()

  /** @throws FrameSizeError at the first length prefix that is not FRAME_BYTES */
  push(chunk: Uint8Array | Uint8ArrayList): Uint8Array[] {
    const arrived = chunk.subarray()
    // most chunks are whole frames
    const bytes = this.#pending.byteLength === 0 ? arrived : concatBytes(this.#pending, arrived)
    const frames: Uint8Array[] = []
    let at = 0
    while (bytes.byteLength - at >= 2) {
      if (bytes[at] !== PREFIX_LOW || bytes[at + 1] !== PREFIX_HIGH) {
        throw new FrameSizeError(`a frame must be ${FRAME_BYTES} bytes long`)
      }
      if (bytes.byteLength - at < WIRE_FRAME_BYTES) break
      frames.push(bytes.slice(at + 2, at + WIRE_FRAME_BYTES))
      at += WIRE_FRAME_BYTES
    }
    this.#pending = bytes.slice(at)
    return frames
  }

  /** Bytes of a frame that has begun and not ended. */
  get pendingBytes(): number {
    return this.#pending.byteLength
  }
}
