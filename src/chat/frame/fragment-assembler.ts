import { concatBytes, readUint16, readUint32 } from '../../crypto/bytes.ts'
import { FRAGMENT_HEADER_BYTES } from './chunks.ts'
import { MalformedFrameError } from './errors.ts'

/**
 * Puts a split message together again. Frames of a session come in order, so the fragments of one message follow
 * one another; one partial message of at most `maxBytes` is all a peer can make us hold.
 */
export class FragmentAssembler {
  readonly #maxBytes: number
  #parts: Uint8Array[] = []
  #bytes = 0
  #group = -1
  #count = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /**
   * Returns the whole message with its last fragment, undefined before.
   * @throws MalformedFrameError
   */
  push(fragment: Uint8Array): Uint8Array | undefined {
    if (fragment.byteLength <= FRAGMENT_HEADER_BYTES) {
      throw new MalformedFrameError('an empty fragment')
    }
    const group = readUint32(fragment, 0)
    const index = readUint16(fragment, 4)
    const count = readUint16(fragment, 6)
    if (this.#parts.length === 0) {
      this.#group = group
      this.#count = count
    }
    // a copy: a view of one byte would keep its whole frame alive
    const data = fragment.slice(FRAGMENT_HEADER_BYTES)
    this.#bytes += data.byteLength
    if (
      group !== this.#group ||
      count !== this.#count ||
      index !== this.#parts.length ||
      index >= count
    ) {
      throw new MalformedFrameError('a fragment does not follow the one before it')
    }
    if (this.#bytes > this.#maxBytes) throw new MalformedFrameError('a split message is too long')
    this.#parts.push(data)
    return this.#parts.length < this.#count ? undefined : this.#take()
  }

  #take(): Uint8Array {
    const whole = concatBytes(...this.#parts)
    this.#parts = []
    this.#bytes = 0
    return whole
  }
}
