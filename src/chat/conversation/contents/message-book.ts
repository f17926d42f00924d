import { Mutex } from '../mutex.ts'
import { toChatMessage } from '../message-record.ts'
import type { ChatMessage } from '../../api.ts'
import type { History, StoredMessage } from '../history.ts'

/** What keeps a message in memory for as long as it is on its way, in the state it is in right now. */
export interface MessageHolder {
  get(id: string): StoredMessage | undefined
  /** Takes what a message it holds has become. */
  replace(message: StoredMessage): void
  /** Lets go of a message: it is not sent any more. */
  forget(id: string): void
}

export interface MessageBookInit {
  readonly history: History
  readonly holders: readonly MessageHolder[]
  readonly onChange: (message: ChatMessage) => void
  readonly onGone: (id: string) => void
}

/** Changes messages that are there already, one change after the other, wherever they are kept. */
export class MessageBook {
  readonly #init: MessageBookInit
  readonly #changing = new Mutex()

  constructor(init: MessageBookInit) {
    this.#init = init
  }

  /** A message in the state it is in right now. */
  async find(id: string): Promise<StoredMessage | undefined> {
    return this.#held(id) ?? (await this.#init.history.get(id)) ?? this.#held(id)
  }

  /** Durable when it resolves, with the message; nothing changes where `change` gives undefined. */
  amend(
    id: string,
    change: (message: StoredMessage) => StoredMessage | undefined,
  ): Promise<StoredMessage | undefined> {
    return this.#changing.run(async () => {
      const message = await this.find(id)
      const changed = message && change(message)
      if (changed === undefined) return message
      for (const holder of this.#holding(id)) {
        // what was taken back is not sent again
        if (changed.deleted === true) holder.forget(id)
        else holder.replace(changed)
      }
      // nor left to be read in what the database has not cleaned up yet
      if (changed.deleted === true) await this.#init.history.forgetKey(id)
      await this.#store(changed)
      this.#init.onChange(toChatMessage(this.#held(id) ?? changed))
      return changed
    })
  }

  /** Takes messages out for good. */
  remove(ids: readonly string[]): Promise<void> {
    return this.#changing.run(async () => {
      for (const id of ids) {
        const message = await this.find(id)
        if (message === undefined) continue
        for (const holder of this.#init.holders) holder.forget(id)
        await this.#init.history.remove(message)
        this.#init.onGone(id)
      }
    })
  }

  async #store(message: StoredMessage): Promise<void> {
    const wasHeld = this.#held(message.id) !== undefined
    await this.#init.history.put(message)
    // acknowledged in the meantime: the record just written says that it still waits
    if (wasHeld && this.#held(message.id) === undefined) {
      await this.#init.history.delivered({ ...message, state: 'delivered' })
    }
  }

  #held(id: string): StoredMessage | undefined {
    return this.#holding(id)[0]?.get(id)
  }

  #holding(id: string): MessageHolder[] {
    return this.#init.holders.filter((holder) => holder.get(id) !== undefined)
  }
}
