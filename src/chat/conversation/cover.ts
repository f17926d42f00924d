import { MalformedMessageError } from '../message/errors.ts'
import type { CoverChoice } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Content } from '../message/content.ts'
import type { PassingHandler } from './receiver.ts'

/**
 * Frames a second and direction that a user may choose. At 2, a short message waits a second at most and a text of 64 KiB
 * takes 40 s; at 16, an eighth of a second and 5 s. Slower ones would look like a path that has gone silent.
 */
const COVER_RATES = [2, 4, 16]

/** What we go along with because the other side asks: their caution must not empty our data plan. */
const MAX_ASKED_RATE = 4

/** A frame on the wire: its length prefix, yamux's header, Noise's length and tag. What IP and TCP add is theirs. */
const COVER_FRAME_BYTES = 1026 + 12 + 2 + 16

/** The rates, each with what it costs in each direction, whether anything is said or not. */
export const COVER_CHOICES: readonly CoverChoice[] = COVER_RATES.map((framesPerSecond) => ({
  framesPerSecond,
  bytesPerHour: bytesPerHour(framesPerSecond),
}))

function bytesPerHour(framesPerSecond: number): number {
  return framesPerSecond * COVER_FRAME_BYTES * 3600
}

/** Whether frames may leave so many times a second; 0 is no cover. */
export function isCoverRate(framesPerSecond: number): boolean {
  return framesPerSecond === 0 || COVER_RATES.includes(framesPerSecond)
}

/**
 * `on`: its author's frames leave at a constant rate, so many a second, and the other side's should, or its answers tell
 * what they answer.
 */
export interface CoverContent extends Content {
  readonly type: 'cover'
  readonly on: boolean
  readonly rate?: number
}

export interface CoverInit {
  /** Frames a second that our user asked for, or 0. */
  readonly wanted: () => number
  /** Whether the other side may ask: no stranger makes us send megabytes. */
  readonly isTrusted: () => boolean
  readonly tell: (
    opened: OpenedChannel,
    content: Pick<CoverContent, 'type' | 'on' | 'rate'>,
  ) => void
  readonly onChange: () => void
}

/** What each side said on a channel, and what holds; frames a second. */
interface Standing {
  told: number
  heard: number
  current: number
}

/** Keeps the channels of one conversation under cover while either side wants it. docs/specs/delivery.md §8 */
export class Cover {
  readonly #init: CoverInit
  /** The channels that are up, with what each side said on them. */
  readonly #channels = new Map<OpenedChannel, Standing>()

  constructor(init: CoverInit) {
    this.#init = init
  }

  get isActive(): boolean {
    return [...this.#channels.keys()].some(({ channel }) => channel.isCovered)
  }

  /** What it costs right now in each direction. */
  get bytesPerHour(): number {
    const covered = [...this.#channels].filter(([{ channel }]) => channel.isCovered)
    return covered.reduce((sum, [, { current }]) => sum + bytesPerHour(current), 0)
  }

  /** A channel is up. */
  begin(opened: OpenedChannel): void {
    this.#channels.set(opened, { told: 0, heard: 0, current: 0 })
    void opened.channel.closed.then(() => this.#channels.delete(opened))
    this.#apply(opened)
  }

  /** Our user may have changed their mind. */
  changed(): void {
    for (const opened of this.#channels.keys()) this.#apply(opened)
  }

  /** What the other side does, and asks us to do. */
  readonly handler: PassingHandler = {
    durable: false,
    receive: (content, opened) => {
      const { on, rate = MAX_ASKED_RATE } = content as Partial<CoverContent>
      if (typeof on !== 'boolean')
        throw new MalformedMessageError('cover that is neither on nor off')
      if (typeof rate !== 'number' || !(rate > 0))
        throw new MalformedMessageError('cover at no rate that there is')
      const standing = this.#channels.get(opened)
      // the slowest that we know will do for what is slower still
      const followed = COVER_RATES.findLast((known) => known <= Math.min(rate, MAX_ASKED_RATE))
      if (standing !== undefined) standing.heard = on ? (followed ?? COVER_RATES[0] ?? 0) : 0
      this.#apply(opened)
      return Promise.resolve()
    },
  }

  #apply(opened: OpenedChannel): void {
    const standing = this.#channels.get(opened)
    if (standing === undefined) return
    const wanted = this.#init.wanted()
    if (wanted !== standing.told) {
      standing.told = wanted
      const isOn = wanted > 0
      this.#init.tell(opened, { type: 'cover', on: isOn, ...(isOn && { rate: wanted }) })
    }
    const rate = Math.max(wanted, this.#init.isTrusted() ? standing.heard : 0)
    if (rate === standing.current) return
    standing.current = rate
    const switched = opened.channel.cover(rate === 0 ? undefined : 1000 / rate)
    void switched.then(this.#init.onChange)
  }
}
