/**
 * Hands on what is kept here of people who are away. Whoever is there publishes their own profile each hour; what nobody
 * brought for longer than that is somebody's who is not, and is kept by fewer nodes each time one of them leaves. So whoever
 * notices first lays it with those who are nearest now, newcomers among them, and the others, who thereby heard of it, do
 * not: Kademlia, §2.5. docs/specs/directory.md §4.2
 */
import { profileTimes } from '../../chat/directory/profile-record.ts'
import { HAND_ON_PACE_MS } from '../../chat/directory/keeping/constants.ts'
import type { Keeper } from '../../chat/directory/keeping/keeper.ts'
import type { Logger } from '@libp2p/interface'

interface PutEvent {
  readonly name: string
  readonly messageName?: string
}

export interface HandingOnInit {
  readonly keeper: Pick<Keeper, 'unheard' | 'isUnheard' | 'heard'>
  /** The record that lies here under a key, if one does. */
  readonly record: (key: string) => Promise<Uint8Array | undefined>
  /** Whether nobody that we know of leaves us out of the nearest to a key. */
  readonly isNear: (key: Uint8Array) => boolean
  /** Lays a record with the nearest. */
  readonly put: (key: Uint8Array, record: Uint8Array) => AsyncIterable<PutEvent>
  readonly now: () => number
  /** @default HAND_ON_PACE_MS */
  readonly paceMs?: number
  readonly log: Logger
}

export class HandingOn {
  readonly #init: HandingOnInit
  #round: Promise<void> | undefined
  #isStopped = false

  constructor(init: HandingOnInit) {
    this.#init = init
  }

  stop(): void {
    this.#isStopped = true
  }

  /** Goes through everything once, one after the other; resolves at the end of the round that is under way. */
  round(): Promise<void> {
    this.#round ??= this.#goRound().finally(() => {
      this.#round = undefined
    })
    return this.#round
  }

  async #goRound(): Promise<void> {
    const { keeper, log, paceMs = HAND_ON_PACE_MS } = this.#init
    let isFirst = true
    for (const key of keeper.unheard()) {
      // somebody else may have been quicker meanwhile
      if (!keeper.isUnheard(key)) continue
      const record = await this.#near(key)
      // and whatever comes of it, we are not the next to try
      keeper.heard(key)
      if (record === undefined) continue
      if (!isFirst) await new Promise((resolve) => setTimeout(resolve, paceMs))
      if (this.#isStopped) return
      isFirst = false
      try {
        let held = 0
        for await (const event of this.#init.put(encode(key), record)) {
          if (event.name === 'PEER_RESPONSE' && event.messageName === 'PUT_VALUE') held++
        }
        log('%s was handed on to %d nodes', key, held)
      } catch (err) {
        log('%s could not be handed on - %e', key, err)
      }
    }
  }

  /** The record under a key, where it is for us to hand on; receivers would refuse what has ended. */
  async #near(key: string): Promise<Uint8Array | undefined> {
    if (!this.#init.isNear(encode(key))) return undefined
    const record = await this.#init.record(key)
    const lives = record !== undefined && profileTimes(record).expiresAt > this.#init.now()
    return lives ? record : undefined
  }
}

function encode(key: string): Uint8Array {
  return new TextEncoder().encode(key)
}
