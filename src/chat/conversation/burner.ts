import { MalformedMessageError } from '../message/errors.ts'
import { NothingToRevealError } from '../burn/errors.ts'
import { isBurned } from '../message/burned-content.ts'
import { toChatMessage } from './message-record.ts'
import { Mutex } from './mutex.ts'
import type { ChatMessage } from '../api.ts'
import type { BurnTimers } from '../burn/burn-timers.ts'
import type { Content } from '../message/content.ts'
import type { History, StoredMessage } from './history.ts'
import type { DurableHandler } from './receiver.ts'

export interface BurnerInit {
  readonly history: History
  readonly timers: BurnTimers
  /** Who holds messages that are on their way: what has burned is not sent again. */
  readonly forget: (id: string) => void
  readonly onChange: (message: ChatMessage) => void
  /** The other side's messages burned here: its own copies are to go as well. Durable when it resolves. */
  readonly tell: (ids: readonly string[]) => Promise<void>
}

/** Burns the messages of one conversation: when they were read often enough, when their time is over, or when told. */
export class Burner implements DurableHandler {
  readonly durable = true
  readonly #init: BurnerInit
  readonly #burning = new Mutex()

  constructor(init: BurnerInit) {
    this.#init = init
  }

  /** Takes up what burned, or was to burn, while nobody was here. */
  async load(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const message = await this.#init.history.get(id)
      if (message === undefined) await this.#init.history.forgetKey(id)
      else if (message.state === 'burned') await this.#burn(id)
      else this.watch(message)
    }
  }

  /** Has a message go when its time is over, from when that time runs. */
  watch({ id, burn, expiresAt }: ChatMessage): void {
    if (burn === undefined || expiresAt === undefined) return
    this.#init.timers.set(id, expiresAt, burn.ttlSeconds * 1000, () => {
      this.#burn(id).catch(() => undefined)
    })
  }

  /** What a message says; counts as reading it, and the last time burns it. @throws NothingToRevealError */
  reveal(id: string): Promise<string> {
    return this.#burning.run(async () => {
      const message = await this.#init.history.get(id)
      if (message?.burn === undefined || message.state === 'burned') {
        throw new NothingToRevealError('there is nothing to be read any more')
      }
      if (message.outgoing) return message.text
      const readsLeft = message.burn.readsLeft - 1
      if (readsLeft > 0) await this.#put({ ...message, burn: { ...message.burn, readsLeft } })
      else await this.#destroy(message)
      return message.text
    })
  }

  /** The other side's copies of our messages have burned. */
  async receive(content: Content): Promise<void> {
    if (!isBurned(content)) throw new MalformedMessageError('burned messages without proper ids')
    for (const id of content.ids) {
      await this.#burning.run(async () => {
        const message = await this.#init.history.get(id)
        // nobody else's word burns what came in, or what was not meant to
        if (message?.outgoing === true && message.burn !== undefined) await this.#destroy(message)
      })
    }
  }

  #burn(id: string): Promise<void> {
    return this.#burning.run(async () => {
      const message = await this.#init.history.get(id)
      if (message?.burn !== undefined) await this.#destroy(message)
    })
  }

  async #destroy(message: StoredMessage): Promise<void> {
    const { id, outgoing } = message
    this.#init.timers.cancel(id)
    this.#init.forget(id)
    await this.#init.history.forgetKey(id)
    const burn = message.burn && { ...message.burn, readsLeft: 0 }
    await this.#put({ ...message, text: '', state: 'burned', ...(burn && { burn }) })
    if (!outgoing) await this.#init.tell([id])
  }

  async #put(message: StoredMessage): Promise<void> {
    await this.#init.history.put(message)
    this.#init.onChange(toChatMessage(message))
  }
}
