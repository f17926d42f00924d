/**
 * Notices that one side's data went back to an earlier state: a restored backup, a copied folder, a device that was
 * set up again. Each side numbers its channels with a contact and tells the number, and the highest it was told.
 * docs/specs/chat.md §6.1
 */
import { MAX_CHANNEL_NUMBER, REMEMBERED_CHANNEL_NUMBERS } from './constants.ts'
import { Mutex } from './mutex.ts'
import type { RecordStore } from '../store/record-store.ts'

interface CounterRecord {
  /** The highest number that we gave a channel. */
  readonly own: number
  /** The last numbers that the other side told, ascending. */
  readonly told: readonly number[]
}

/** What a profile says about channels. */
export interface ChannelNumbers {
  readonly channels: number
  readonly seen: number
}

/** Whose state turned out to be older than it was. */
export interface Rollback {
  readonly ours: boolean
  readonly theirs: boolean
}

export class ChannelCounter {
  readonly #records: RecordStore
  readonly #path: string
  readonly #writing = new Mutex()
  #record: CounterRecord = { own: 0, told: [] }

  constructor(records: RecordStore, fingerprint: string) {
    this.#records = records
    this.#path = `channels/${fingerprint}`
  }

  async load(): Promise<void> {
    this.#record = (await this.#records.get<CounterRecord>(this.#path)) ?? this.#record
  }

  /** The highest number that the other side told us, 0 for none. */
  get seen(): number {
    return this.#record.told.at(-1) ?? 0
  }

  /** A number for a new channel; durable when it resolves, so that it is never given twice. */
  next(): Promise<number> {
    return this.#writing.run(async () => {
      const own = this.#record.own + 1
      await this.#write({ ...this.#record, own })
      return own
    })
  }

  /** Takes up what the other side told on a channel's first profile; durable when it resolves. */
  heard({ channels, seen }: ChannelNumbers): Promise<Rollback> {
    return this.#writing.run(async () => {
      const { own, told } = this.#record
      const isFull = told.length >= REMEMBERED_CHANNEL_NUMBERS
      // channels that come up at once may pass each other, so a lower number alone proves nothing
      const theirs = told.includes(channels) || (isFull && channels < (told[0] ?? 0))
      const ours = seen > own
      await this.#write({
        own: Math.max(own, seen),
        told: [...new Set([...told, channels])]
          .sort((a, b) => a - b)
          .slice(-REMEMBERED_CHANNEL_NUMBERS),
      })
      return { ours, theirs }
    })
  }

  async #write(record: CounterRecord): Promise<void> {
    await this.#records.put(this.#path, record)
    this.#record = record
  }
}

/** The numbers of a profile, or undefined where they are missing or make no sense. */
export function channelNumbers(channels: unknown, seen: unknown): ChannelNumbers | undefined {
  return isNumber(channels) && isNumber(seen) ? { channels, seen } : undefined
}

function isNumber(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_CHANNEL_NUMBER
}
