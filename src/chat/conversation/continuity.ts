import { channelNumbers, type ChannelCounter } from './channel-counter.ts'
import { Mutex } from './mutex.ts'
import type { ChatNote } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { ProfileContent } from '../message/content.ts'

/** What one channel showed of either side's state. */
interface ChannelPast {
  /** What we call this channel towards the other side, once it was told. */
  number?: number
  /** The other side's first profile came in. */
  isHeard: boolean
  /** The other side's state is known to have gone back. */
  isBehind: boolean
  /** Ours is. */
  isRestored: boolean
}

/** What the other side has to be told, or given, because of what its profile said. */
export interface Discovery {
  readonly isNew: boolean
  /** The other side forgot messages, and has not been offered them on this channel. */
  readonly isBehind: boolean
}

/** Whether both sides remember the same past; what a profile says of it, and what it shows. docs/specs/chat.md §6.1 */
export class Continuity {
  readonly #counter: ChannelCounter
  readonly #note: (note: ChatNote) => Promise<void>
  readonly #channels = new WeakMap<OpenedChannel, ChannelPast>()
  readonly #comparing = new Mutex()

  constructor(counter: ChannelCounter, note: (note: ChatNote) => Promise<void>) {
    this.#counter = counter
    this.#note = note
  }

  /** The part of our profile that is about this channel; its number is durable when this resolves. */
  async told(opened: OpenedChannel): Promise<Partial<ProfileContent>> {
    const standing = this.#of(opened)
    standing.number ??= await this.#counter.next()
    return {
      channels: standing.number,
      seen: this.#counter.seen,
      ...(standing.isRestored && { restored: true }),
      ...(standing.isBehind && { behind: true }),
    }
  }

  heard(profile: ProfileContent, opened: OpenedChannel): Promise<Discovery> {
    return this.#comparing.run(() => this.#compare(profile, this.#of(opened)))
  }

  async #compare(profile: ProfileContent, standing: ChannelPast): Promise<Discovery> {
    const numbers = standing.isHeard ? undefined : channelNumbers(profile.channels, profile.seen)
    standing.isHeard = true
    const found = numbers === undefined ? undefined : await this.#counter.heard(numbers)
    const isRestored = !standing.isRestored && (found?.ours === true || profile.behind === true)
    const isBehind = !standing.isBehind && (found?.theirs === true || profile.restored === true)
    standing.isRestored ||= isRestored
    standing.isBehind ||= isBehind
    if (isRestored) await this.#note({ code: 'state-rolled-back', side: 'ours' })
    if (isBehind) await this.#note({ code: 'state-rolled-back', side: 'theirs' })
    return { isNew: isRestored || isBehind, isBehind }
  }

  #of(opened: OpenedChannel): ChannelPast {
    let standing = this.#channels.get(opened)
    if (standing === undefined) {
      standing = { isHeard: false, isBehind: false, isRestored: false }
      this.#channels.set(opened, standing)
    }
    return standing
  }
}
