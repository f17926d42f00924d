/** As much DER (X.690) as an encrypted private key needs: definite lengths, low tags, exact ends. */
import { concatBytes } from './bytes.ts'
import { InvalidKeyError } from './errors.ts'

export const TAG = { integer: 0x02, octets: 0x04, null: 0x05, oid: 0x06, sequence: 0x30 } as const
export type Tag = (typeof TAG)[keyof typeof TAG]

const LONG_FORM = 0x80

/** One element around `contents`, of less than 64 KiB. */
export function encodeDer(tag: Tag, ...contents: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...contents)
  const length = body.length
  if (length < LONG_FORM) return concatBytes(Uint8Array.of(tag, length), body)
  if (length < 0x100) return concatBytes(Uint8Array.of(tag, LONG_FORM | 1, length), body)
  return concatBytes(Uint8Array.of(tag, LONG_FORM | 2, length >> 8, length & 0xff), body)
}

export function encodeInteger(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  if (((bytes[0] ?? LONG_FORM) & LONG_FORM) !== 0) bytes.unshift(0)
  return encodeDer(TAG.integer, Uint8Array.from(bytes))
}

/** Reads elements one after the other; whatever is not what was asked for is an InvalidKeyError. */
export class DerReader {
  readonly #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#offset === this.#bytes.length
  }

  /** The contents of the next element. */
  take(tag: Tag): Uint8Array {
    if (this.#byte() !== tag) throw new InvalidKeyError('not the DER of a key')
    const length = this.#length()
    const start = this.#offset
    if (start + length > this.#bytes.length) throw new InvalidKeyError('DER cut short')
    this.#offset = start + length
    return this.#bytes.slice(start, this.#offset)
  }

  nested(): DerReader {
    return new DerReader(this.take(TAG.sequence))
  }

  /** A positive integer of at most four bytes. */
  integer(): number {
    const bytes = this.take(TAG.integer)
    if (bytes.length === 0 || bytes.length > 4 || ((bytes[0] ?? 0) & LONG_FORM) !== 0) {
      throw new InvalidKeyError('a number out of range')
    }
    return bytes.reduce((value, byte) => value * 256 + byte, 0)
  }

  end(): void {
    if (!this.atEnd) throw new InvalidKeyError('DER with something left over')
  }

  #length(): number {
    const first = this.#byte()
    if (first < LONG_FORM) return first
    const count = first & 0x7f
    if (count === 0 || count > 2) throw new InvalidKeyError('a length that is not DER')
    let length = 0
    for (let i = 0; i < count; i++) length = length * 256 + this.#byte()
    return length
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset++]
    if (byte === undefined) throw new InvalidKeyError('DER cut short')
    return byte
  }
}
