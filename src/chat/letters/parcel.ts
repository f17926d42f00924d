import { REPLICAS } from '../mailbox/constants.ts'
import { LETTER_FIRST_RETRY_MS, LETTER_LAST_RETRY_MS, LETTER_RENEWAL_MS } from './constants.ts'
import type { WrittenLetter } from './letter-writer.ts'

/** What is remembered of a parcel over a restart; the letter itself is not. */
export interface ParcelRecord {
  readonly ids: readonly string[]
  readonly count: number
  /** When it was written, ms since 1970. */
  readonly at: number
}

/** Messages that travel in one letter, and how far it has come. */
export class Parcel {
  readonly ids: readonly string[]
  #writtenAt: number
  /** When something has to be done about it, ms since 1970. */
  dueAt: number
  /** In how many mailboxes it lies. */
  count = 0
  #letter: { readonly written: WrittenLetter; readonly at: number } | undefined
  #retryMs = LETTER_FIRST_RETRY_MS

  constructor(ids: readonly string[], nowMs: number) {
    this.ids = ids
    this.dueAt = nowMs
    this.#writtenAt = nowMs
  }

  static restore({ ids, count, at }: ParcelRecord, nowMs: number): Parcel {
    const parcel = new Parcel(ids, nowMs)
    parcel.count = count
    parcel.#writtenAt = at
    if (count >= REPLICAS) parcel.dueAt = at + LETTER_RENEWAL_MS
    return parcel
  }

  record(): ParcelRecord {
    return { ids: this.ids, count: this.count, at: this.#writtenAt }
  }

  /** The letter to lay into more mailboxes; undefined when one has to be written first, or again. */
  letter(nowMs: number): WrittenLetter | undefined {
    if (this.#letter === undefined || nowMs - this.#letter.at >= LETTER_RENEWAL_MS) return undefined
    return this.#letter.written
  }

  written(written: WrittenLetter, nowMs: number): void {
    this.#letter = { written, at: nowMs }
    this.#writtenAt = nowMs
    this.count = 0
  }

  /** Lies in so many mailboxes; or the attempt failed, with what it had before. */
  attempted(count: number, nowMs: number): void {
    this.count = Math.max(this.count, count)
    if (this.count >= REPLICAS) {
      this.dueAt = nowMs + LETTER_RENEWAL_MS
      return
    }
    this.dueAt = nowMs + this.#retryMs
    this.#retryMs = Math.min(this.#retryMs * 2, LETTER_LAST_RETRY_MS)
  }

  /** Whatever was in the way may be gone. */
  hurry(nowMs: number): void {
    if (this.count >= REPLICAS) return
    this.#retryMs = LETTER_FIRST_RETRY_MS
    this.dueAt = nowMs
  }
}
