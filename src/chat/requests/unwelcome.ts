import { DECLINED_MS, MAX_DECLINED } from './constants.ts'
import type { RecordStore } from '../store/record-store.ts'

interface UnwelcomeRecord {
  readonly fingerprint: string
  /** Until then, ms since 1970; without it, for good. */
  readonly until?: number
}

/** Whom the user does not want to hear from, for good or for a while: `unwelcome/<fingerprint>`. */
export class Unwelcome {
  readonly #records: RecordStore
  readonly #now: () => number
  readonly #people = new Map<string, UnwelcomeRecord>()

  constructor(records: RecordStore, now: () => number) {
    this.#records = records
    this.#now = now
  }

  async load(): Promise<void> {
    for await (const one of this.#records.iterate<UnwelcomeRecord>({ prefix: 'unwelcome/' })) {
      this.#people.set(one.fingerprint, one)
    }
    for (const { fingerprint, until = Infinity } of [...this.#people.values()]) {
      if (until <= this.#now()) await this.remove(fingerprint)
    }
  }

  isBlocked(fingerprint: string): boolean {
    const one = this.#people.get(fingerprint)
    return one !== undefined && one.until === undefined
  }

  /** Blocked, or declined not long ago. */
  has(fingerprint: string): boolean {
    const { until = Infinity } = this.#people.get(fingerprint) ?? { until: 0 }
    return until > this.#now()
  }

  blocked(): string[] {
    return [...this.#people.keys()].filter((fingerprint) => this.isBlocked(fingerprint))
  }

  block(fingerprint: string): Promise<void> {
    return this.#put({ fingerprint })
  }

  async decline(fingerprint: string): Promise<void> {
    await this.#put({ fingerprint, until: this.#now() + DECLINED_MS })
    const declined = [...this.#people.values()].filter(({ until }) => until !== undefined)
    const surplus = declined.slice(0, Math.max(0, declined.length - MAX_DECLINED))
    for (const one of surplus) await this.remove(one.fingerprint)
  }

  /** In force at once, durable when it resolves. */
  async remove(fingerprint: string): Promise<void> {
    if (!this.#people.delete(fingerprint)) return
    await this.#records.delete(`unwelcome/${fingerprint}`)
  }

  async #put(record: UnwelcomeRecord): Promise<void> {
    // the latest last: the oldest is forgotten first
    this.#people.delete(record.fingerprint)
    this.#people.set(record.fingerprint, record)
    await this.#records.put(`unwelcome/${record.fingerprint}`, record)
  }
}
