import { Uint8ArrayList } from 'uint8arraylist'
import { FRAME_BYTES, WIRE_FRAME_BYTES } from './constants.ts'
import { FrameSizeError } from './errors.ts'

/** `FRAME_BYTES` as an unsigned varint: the only length prefix that is ever right. */
const PREFIX_LOW = (FRAME_BYTES & 0x7f) | 0x80
const PREFIX_HIGH = FRAME_BYTES >> 7

/**
 * Cuts a byte stream into frames. A stream's `message` events carry any chunking of the bytes, never message
 * boundaries; since all frames have one size, the decoder knows where each ends and refuses a wrong prefix at
 * its second byte, so no stranger can make it hold more than one frame.
 */
export class FrameDecoder {
  readonly #pending = new Uint8ArrayList()

  /** @throws FrameSizeError at the first length prefix that is not FRAME_BYTES */
  push(bytes: Uint8Array | Uint8ArrayList): Uint8Array[] {
    this.#pending.append(bytes)
    const frames: Uint8Array[] = []
    while (this.#pending.byteLength >= 2) {
      if (this.#pending.get(0) !== PREFIX_LOW || this.#pending.get(1) !== PREFIX_HIGH) {
        throw new FrameSizeError(`a frame must be ${FRAME_BYTES} bytes long`)
      }
      if (this.#pending.byteLength < WIRE_FRAME_BYTES) break
      frames.push(this.#pending.slice(2, WIRE_FRAME_BYTES))
      this.#pending.consume(WIRE_FRAME_BYTES)
    }
    return frames
  }

  /** Bytes of a frame that has begun and not ended. */
  get pendingBytes(): number {
    return this.#pending.byteLength
  }
}
