import { isProfile, type Content, type ProfileContent } from '../message/content.ts'
import { Continuity } from './continuity.ts'
import type { ChatNote } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { ChannelCounter } from './channel-counter.ts'
import type { PresenceHooks, Tell } from './presence-hooks.ts'
import type { PassingHandler } from './receiver.ts'

export interface ProfileExchangeInit {
  readonly counter: ChannelCounter
  /** How we call ourselves. */
  readonly ownName: () => string | undefined
  readonly onName: (name: string) => void
  readonly presence?: PresenceHooks
  /** Asks the other side for something. */
  readonly ask: Tell
  readonly note: (note: ChatNote) => Promise<void>
  /** The other side forgot messages that it had acknowledged. */
  readonly onBehind: (opened: OpenedChannel) => Promise<void>
  /** The other side reads batches. */
  readonly onBatches: (opened: OpenedChannel) => void
  /** There is something new that our profile has to say. */
  readonly tell: (opened: OpenedChannel) => void
}

/** What both sides tell each other when a channel comes up: names, and how much of their past they remember. */
export class ProfileExchange implements PassingHandler {
  readonly durable = false
  readonly #init: ProfileExchangeInit
  readonly #continuity: Continuity

  constructor(init: ProfileExchangeInit) {
    this.#init = init
    this.#continuity = new Continuity(init.counter, init.note)
  }

  load(): Promise<void> {
    return this.#init.counter.load()
  }

  /** Our profile for one channel. */
  async told(
    opened: OpenedChannel,
    header: Pick<Content, 'id' | 'timestamp'>,
  ): Promise<ProfileContent> {
    const name = this.#init.ownName()
    return {
      ...(await this.#continuity.told(opened)),
      ...this.#init.presence?.profile(),
      ...header,
      type: 'profile',
      batches: true,
      ...(name === undefined ? {} : { name }),
    }
  }

  async receive(profile: Content, opened: OpenedChannel): Promise<void> {
    if (!isProfile(profile)) return
    const { presence, ask, onName, onBatches } = this.#init
    if (profile.batches === true) onBatches(opened)
    const isLater = await presence?.heard(profile, (content) => {
      ask(opened, content)
    })
    // what an earlier profile said was taken back since
    if (profile.name !== undefined && isLater !== false) onName(profile.name)
    const { isNew, isBehind } = await this.#continuity.heard(profile, opened)
    if (isBehind) await this.#init.onBehind(opened)
    if (isNew) this.#init.tell(opened)
  }
}
