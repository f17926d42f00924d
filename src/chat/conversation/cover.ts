import { MalformedMessageError } from '../message/errors.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Content } from '../message/content.ts'
import type { PassingHandler } from './receiver.ts'

/** Frames a second and direction under cover: a short message waits half a second at most, a text of 64 KiB 20 s. */
export const COVER_FRAMES_PER_SECOND = 4

/** A frame on the wire: its length prefix, yamux's header, Noise's length and tag. What IP and TCP add is theirs. */
const COVER_FRAME_BYTES = 1026 + 12 + 2 + 16

/** What cover costs in each direction, whether anything is said or not. */
export const COVER_BYTES_PER_HOUR = COVER_FRAMES_PER_SECOND * COVER_FRAME_BYTES * 3600

/** `on`: its author's frames leave at a constant rate, and the other side's should, or its answers tell what they answer. */
export interface CoverContent extends Content {
  readonly type: 'cover'
  readonly on: boolean
}

export interface CoverInit {
  /** Whether our user asked for it. */
  readonly isWanted: () => boolean
  /** Whether the other side may ask: no stranger makes us send megabytes. */
  readonly isTrusted: () => boolean
  readonly tell: (opened: OpenedChannel, content: Pick<CoverContent, 'type' | 'on'>) => void
  readonly onChange: () => void
}

/** Keeps the channels of one conversation under cover while either side wants it. docs/specs/delivery.md §8 */
export class Cover {
  readonly #init: CoverInit
  /** The channels that are up, with what each side said on them. */
  readonly #channels = new Map<OpenedChannel, { told: boolean; heard: boolean }>()

  constructor(init: CoverInit) {
    this.#init = init
  }

  get isActive(): boolean {
    return [...this.#channels.keys()].some(({ channel }) => channel.isCovered)
  }

  /** A channel is up. */
  begin(opened: OpenedChannel): void {
    this.#channels.set(opened, { told: false, heard: false })
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
      const { on } = content as Partial<CoverContent>
      if (typeof on !== 'boolean')
        throw new MalformedMessageError('cover that is neither on nor off')
      const standing = this.#channels.get(opened)
      if (standing !== undefined) standing.heard = on
      this.#apply(opened)
      return Promise.resolve()
    },
  }

  #apply(opened: OpenedChannel): void {
    const standing = this.#channels.get(opened)
    if (standing === undefined) return
    const isWanted = this.#init.isWanted()
    if (isWanted !== standing.told) {
      standing.told = isWanted
      this.#init.tell(opened, { type: 'cover', on: isWanted })
    }
    const isOn = isWanted || (standing.heard && this.#init.isTrusted())
    if (isOn === opened.channel.isCovered) return
    const switched = opened.channel.cover(isOn ? 1000 / COVER_FRAMES_PER_SECOND : undefined)
    void switched.then(this.#init.onChange)
  }
}
