import { toHex } from '../../crypto/bytes.ts'
import { MalformedMessageError } from '../message/errors.ts'
import { PART_BYTES, partCount, type Part, type PartsContent } from '../message/parts.ts'
import { MAX_PARTIAL_CONTENTS, PARTIAL_LIFETIME_MS } from './constants.ts'
import { toRanges, type NumberRange } from './number-ranges.ts'
import type { CryptoPort } from '../../crypto/port.ts'

interface Partial {
  readonly hash: string
  readonly bytes: Uint8Array
  readonly missing: Set<number>
  /** By the clock that only passes. */
  touchedAt: number
  /** How old the content was when it was last announced. */
  ageMs: number
}

export interface WholeContent {
  readonly bytes: Uint8Array
  readonly ageMs: number
}

/**
 * Contents of one person of which some parts have come, whichever session brought them. Two at most, since a sender
 * sends one after the other on each channel: twice the longest content is all that a peer can make us hold.
 */
export class PartialContents {
  readonly #crypto: Pick<CryptoPort, 'sha256'>
  readonly #elapsed: () => number
  readonly #partials = new Map<string, Partial>()

  constructor(crypto: Pick<CryptoPort, 'sha256'>, elapsed: () => number) {
    this.#crypto = crypto
    this.#elapsed = elapsed
  }

  get size(): number {
    return this.#partials.size
  }

  /** Takes up a content, or goes on with it. Returns the indices of the parts that are missing. */
  announce({ id, bytes, hash }: PartsContent, ageMs: number): NumberRange[] {
    this.#forgetOld()
    const known = this.#partials.get(id)
    const isSame = known?.hash === hash && known.bytes.byteLength === bytes
    const partial = isSame ? known : this.#create(bytes, hash)
    // behind the others: those that nothing is heard of go first
    this.#partials.delete(id)
    this.#partials.set(id, partial)
    partial.touchedAt = this.#elapsed()
    partial.ageMs = ageMs
    for (const oldest of this.#partials.keys()) {
      if (this.#partials.size <= MAX_PARTIAL_CONTENTS) break
      this.#partials.delete(oldest)
    }
    return toRanges(partial.missing)
  }

  /**
   * Takes a part; returns the content once it is whole. Nothing comes of a part that nobody announced, or that is
   * here already.
   * @throws MalformedMessageError
   */
  add({ id, index, data }: Part): WholeContent | undefined {
    const partial = this.#partials.get(id)
    if (partial === undefined) return undefined
    const { bytes, missing } = partial
    const length = Math.min(PART_BYTES, bytes.byteLength - index * PART_BYTES)
    if (data.byteLength !== length) throw new MalformedMessageError('a part of the wrong size')
    if (!missing.delete(index)) return undefined
    bytes.set(data, index * PART_BYTES)
    partial.touchedAt = this.#elapsed()
    if (missing.size > 0) return undefined
    this.#partials.delete(id)
    if (toHex(this.#crypto.sha256(bytes)) !== partial.hash) {
      throw new MalformedMessageError('parts that are not of what was announced')
    }
    return { bytes, ageMs: partial.ageMs }
  }

  #create(bytes: number, hash: string): Partial {
    const missing = new Set(Array.from({ length: partCount(bytes) }, (_, index) => index))
    return { hash, bytes: new Uint8Array(bytes), missing, touchedAt: 0, ageMs: 0 }
  }

  #forgetOld(): void {
    const oldest = this.#elapsed() - PARTIAL_LIFETIME_MS
    for (const [id, { touchedAt }] of this.#partials) {
      if (touchedAt < oldest) this.#partials.delete(id)
    }
  }
}
