import { concatBytes } from '../../crypto/bytes.ts'
import { CLEAR_DATA_BYTES, CLEAR_HEADER_BYTES, FRAME_BYTES, MAX_CLEAR_FRAMES } from './constants.ts'
import { MalformedFrameError, UnexpectedFrameError } from './errors.ts'
import type { FrameType } from './constants.ts'

/**
 * Splits a handshake message over clear frames: type ‖ index ‖ count ‖ length (u16) ‖ data ‖ random bytes.
 * docs/specs/chat.md §3.1
 */
export function encodeClearFrames(
  type: FrameType,
  message: Uint8Array,
  randomBytes: (length: number) => Uint8Array,
): Uint8Array[] {
  const count = Math.max(1, Math.ceil(message.byteLength / CLEAR_DATA_BYTES))
  if (count > MAX_CLEAR_FRAMES) throw new RangeError('a handshake message is too long to send')
  return Array.from({ length: count }, (_, index) => {
    const data = message.subarray(index * CLEAR_DATA_BYTES, (index + 1) * CLEAR_DATA_BYTES)
    const frame = randomBytes(FRAME_BYTES)
    frame[0] = type
    frame[1] = index
    frame[2] = count
    frame[3] = data.byteLength >> 8
    frame[4] = data.byteLength & 0xff
    frame.set(data, CLEAR_HEADER_BYTES)
    return frame
  })
}

/** Puts the clear frames of one handshake message together again; they must come in order. */
export class ClearFrameAssembler {
  readonly #type: FrameType
  readonly #parts: Uint8Array[] = []
  #count = 0

  constructor(type: FrameType) {
    this.#type = type
  }

  /**
   * Returns the whole message with its last frame, undefined before.
   * @throws UnexpectedFrameError | MalformedFrameError
   */
  push(frame: Uint8Array): Uint8Array | undefined {
    const [type, index, count = 0, high = 0, low = 0] = frame
    if (type !== this.#type) {
      throw new UnexpectedFrameError(`expected a frame of type ${this.#type}, got ${String(type)}`)
    }
    const length = (high << 8) | low
    if (this.#parts.length === 0) this.#count = count
    if (
      count < 1 ||
      count > MAX_CLEAR_FRAMES ||
      count !== this.#count ||
      index !== this.#parts.length ||
      length > CLEAR_DATA_BYTES
    ) {
      throw new MalformedFrameError('a handshake frame does not fit the ones before it')
    }
    this.#parts.push(frame.subarray(CLEAR_HEADER_BYTES, CLEAR_HEADER_BYTES + length))
    if (this.#parts.length < this.#count) return undefined
    return concatBytes(...this.#parts)
  }
}
