/**
 * The numbers of a conversation's messages, one sequence in each direction, that outlive sessions, processes and
 * carriers. A number that is skipped is a message that has not come: its place in the conversation is kept.
 * docs/specs/delivery.md §4
 */
import { MAX_MISSING_MESSAGES, MAX_NUMBER_RANGES } from './constants.ts'
import { toRanges, numbersOf, type NumberRange } from './number-ranges.ts'
import type { RecordStore } from '../store/record-store.ts'

/** What a message says of its place among the others. */
export interface MessagePlace {
  /** Counts what its author wrote in this conversation, from 1. */
  readonly number: number
  /** Its author had the other side's messages up to this one. */
  readonly after: number
}

interface NumbersRecord {
  /** The highest number that we gave. */
  readonly given: number
  /** The highest that the other side's messages carried. */
  readonly heard: number
  /** The highest that is not waited for any more, though it may not have come. */
  readonly letGo?: number
  /** Numbers up to `heard` that have not come, each with its place in the conversation. */
  readonly missing: readonly (readonly [number: number, order: number])[]
}

export interface MessageNumbersInit {
  readonly records: RecordStore
  /** The other person. */
  readonly fingerprint: string
  /** A place behind everything in the conversation. */
  readonly nextOrder: () => number
  /** Whether a message stands at a place. */
  readonly isTaken: (order: number) => Promise<boolean>
  /** Some messages turned out to be missing. */
  readonly onMissing: () => void
}

export class MessageNumbers {
  readonly #init: MessageNumbersInit
  readonly #path: string
  #given = 0
  #givenOnDisk = 0
  #heard = 0
  #letGo = 0
  /** Ascending. */
  #missing = new Map<number, number>()
  /** Numbers of messages that are being stored, with their places. */
  readonly #arriving = new Map<number, number>()
  /** A place is kept for something, and no record says so. */
  #hasNewGap = false
  readonly #late = {
    entries: () => [this.#entry()],
    onFailure: () => {
      this.#givenOnDisk = 0
      this.#hasNewGap = this.#missing.size > 0
    },
  }

  constructor(init: MessageNumbersInit) {
    this.#init = init
    this.#path = `numbers/${init.fingerprint}`
  }

  async load(): Promise<void> {
    const record = await this.#init.records.get<NumbersRecord>(this.#path)
    if (record === undefined) return
    this.#given = Math.max(this.#given, record.given)
    this.#givenOnDisk = record.given
    this.#heard = record.heard
    this.#letGo = record.letGo ?? record.heard
    for (const [number, order] of record.missing) {
      // it was being stored when the record was written
      if (!(await this.#init.isTaken(order))) this.#missing.set(number, order)
    }
  }

  /** Messages of the other side that have not come, though later ones have. */
  get missing(): number {
    return this.#missing.size
  }

  /** How many of those have numbers up to this one. */
  missingUpTo(highest: number): number {
    return [...this.#missing.keys()].filter((number) => number <= highest).length
  }

  /** The highest number that a message of the other side carried. */
  get heard(): number {
    return this.#heard
  }

  /** Whether the message of this number is here, or was, or was withdrawn; false where that is not certain. */
  hasCome(number: number): boolean {
    const isSettled = !this.#missing.has(number) && !this.#arriving.has(number)
    return number > this.#letGo && number <= this.#heard && isSettled
  }

  /** Those that are to be asked for, the latest where they are too many. */
  missingRanges(): NumberRange[] {
    return toRanges(this.#missing.keys()).slice(-MAX_NUMBER_RANGES)
  }

  /** The number of a message that we are about to store. */
  give(): MessagePlace {
    return { number: ++this.#given, after: this.#after() }
  }

  /** A message that waits has this number: it is not given again, whatever the record says. */
  resume(number: number | undefined): void {
    this.#given = Math.max(this.#given, number ?? 0)
  }

  /**
   * Call before a message stops waiting: from then on the record alone answers for its number. Hands the write to the
   * store before it returns, so that it comes before whatever is written next.
   */
  keepGiven(): void {
    if (this.#given > this.#givenOnDisk) this.#save()
  }

  /** The same, for a message whose mark is taken away together with this. */
  keepGivenSoon(): void {
    if (this.#given > this.#givenOnDisk) this.#saveSoon()
  }

  /** The other side had more of ours than we know of: our state went back, and those numbers are taken. */
  heardAfter(after: number): void {
    if (after <= this.#given) return
    this.#given = after
    this.keepGiven()
  }

  /**
   * The place of a message that has come and is about to be stored; undefined where one of its number came before.
   * `settle` has to follow.
   */
  place(number: number): number | undefined {
    const kept = this.#missing.get(number)
    if (kept !== undefined) {
      this.#missing.delete(number)
      this.#arriving.set(number, kept)
      return kept
    }
    if (number <= this.#heard) return undefined
    const { nextOrder } = this.#init
    // what is far behind is not waited for: the other side offers it again when we forgot it, or never will
    const first = Math.max(this.#heard + 1, number - MAX_MISSING_MESSAGES)
    if (first > this.#heard + 1) this.#letGo = first - 1
    for (let skipped = first; skipped < number; skipped++) this.#missing.set(skipped, nextOrder())
    this.#forgetSurplus()
    this.#heard = number
    const order = nextOrder()
    this.#arriving.set(number, order)
    if (first < number) {
      this.#hasNewGap = true
      this.#init.onMissing()
    }
    return order
  }

  /** What became of a message that was placed: stored, or not, in which case it is still to come. */
  settle(number: number, isStored: boolean): void {
    const order = this.#arriving.get(number)
    if (order === undefined) return
    this.#arriving.delete(number)
    if (!isStored) {
      this.#missing = new Map(
        [...this.#missing, [number, order] as const].sort(([a], [b]) => a - b),
      )
      this.#hasNewGap = true
      this.#init.onMissing()
    }
    if (this.#hasNewGap) this.#save()
    else this.#saveSoon()
  }

  /** Its author says that these will never come. Returns whether any was waited for. */
  withdraw(ranges: readonly NumberRange[]): boolean {
    const before = this.#missing.size
    for (const number of numbersOf(ranges)) this.#missing.delete(number)
    if (this.#missing.size === before) return false
    this.#saveSoon()
    return true
  }

  /** Everything up to this one is stored. */
  #after(): number {
    const open = [...this.#arriving.keys()]
    const [firstMissing = Infinity] = this.#missing.keys()
    return Math.min(this.#heard, firstMissing - 1, ...open.map((number) => number - 1))
  }

  #forgetSurplus(): void {
    for (const number of this.#missing.keys()) {
      if (this.#missing.size <= MAX_MISSING_MESSAGES) return
      this.#missing.delete(number)
      this.#letGo = Math.max(this.#letGo, number)
    }
  }

  /** Hands the record to the store before it returns; a store that fails now may work the next time. */
  #save(): void {
    this.#init.records.putAll([this.#entry()]).catch(this.#late.onFailure)
  }

  /** Should the process die before: what it knew too little is asked for and found to be here. */
  #saveSoon(): void {
    this.#init.records.putLate(this.#late)
  }

  #entry(): [string, NumbersRecord] {
    const given = this.#given
    this.#givenOnDisk = given
    this.#hasNewGap = false
    // what is being stored may yet fail: until it is there, the record says that it has not come
    const missing = [...this.#missing, ...this.#arriving].sort(([a], [b]) => a - b)
    return [this.#path, { given, heard: this.#heard, letGo: this.#letGo, missing }]
  }
}
