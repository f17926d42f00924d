/** Reads fields off a byte array one after the other; whatever is short, too long or too large is a RangeError. */
import { readUint16, readUint32, readUint64 } from './bytes.ts'

export class ByteReader {
  readonly #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** How many bytes have been read. */
  get offset(): number {
    return this.#offset
  }

  /** A copy of the next `length` bytes. */
  take(length: number): Uint8Array {
    const at = this.#advance(length)
    // not `slice`: of Node's Buffer that is a view of the same bytes, which whoever wipes them would feel
    return new Uint8Array(this.#bytes.subarray(at, at + length))
  }

  uint8(): number {
    return this.#bytes[this.#advance(1)] ?? 0
  }

  uint16(): number {
    return readUint16(this.#bytes, this.#advance(2))
  }

  uint32(): number {
    return readUint32(this.#bytes, this.#advance(4))
  }

  uint64(): number {
    return readUint64(this.#bytes, this.#advance(8))
  }

  /** Bytes behind their u16 length, at most `limit` of them. */
  lengthPrefixed(limit: number): Uint8Array {
    const length = this.uint16()
    if (length > limit) throw new RangeError('a field too long')
    return this.take(length)
  }

  boolean(): boolean {
    const value = this.uint8()
    if (value > 1) throw new RangeError('neither true nor false')
    return value === 1
  }

  /** `read()` as often as the u16 that stands here says. */
  list<T>(limit: number, read: () => T): T[] {
    const count = this.uint16()
    if (count > limit) throw new RangeError('too many entries')
    return Array.from({ length: count }, read)
  }

  /** @throws RangeError when anything is left over */
  end(): void {
    if (this.#offset !== this.#bytes.length) throw new RangeError('bytes left over')
  }

  #advance(length: number): number {
    const at = this.#offset
    if (at + length > this.#bytes.length) throw new RangeError('cut short')
    this.#offset = at + length
    return at
  }
}
