/** Collects fields in the order in which a `ByteReader` takes them. */
import {
  concatBytes,
  lengthPrefixed,
  uint16Bytes,
  uint32Bytes,
  uint64Bytes,
  wipe,
} from './bytes.ts'

export class ByteWriter {
  readonly #parts: Uint8Array[] = []

  put(...parts: readonly Uint8Array[]): this {
    this.#parts.push(...parts)
    return this
  }

  uint8(value: number): this {
    return this.put(Uint8Array.of(value))
  }

  uint16(value: number): this {
    return this.put(uint16Bytes(value))
  }

  uint32(value: number): this {
    return this.put(uint32Bytes(value))
  }

  uint64(value: number): this {
    return this.put(uint64Bytes(value))
  }

  lengthPrefixed(bytes: Uint8Array): this {
    return this.put(lengthPrefixed(bytes))
  }

  boolean(value: boolean): this {
    return this.uint8(value ? 1 : 0)
  }

  list<T>(items: Iterable<T>, write: (item: T) => void): this {
    const all = [...items]
    this.uint16(all.length)
    for (const item of all) write(item)
    return this
  }

  /** Everything so far, in one array; what was put in is overwritten, so only hand over what may be. */
  finish(): Uint8Array {
    const out = concatBytes(...this.#parts)
    wipe(...this.#parts.splice(0))
    return out
  }
}
