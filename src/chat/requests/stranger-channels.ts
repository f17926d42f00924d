import { RateLimiter } from '../rooms/rate-limiter.ts'
import {
  ALL_STRANGER_HANDSHAKES_WINDOW_MS,
  MAX_CHANNELS_PER_STRANGER,
  MAX_STRANGER_CHANNELS,
  MAX_STRANGER_HANDSHAKES,
  MAX_STRANGER_HANDSHAKES_PER_PEER,
  STRANGER_HANDSHAKES_WINDOW_MS,
  STRANGER_IDLE_MS,
} from './constants.ts'
import { TooManyStrangersError } from './errors.ts'
import type { OpenedChannel } from '../direct/index.ts'

export interface StrangerChannelsInit {
  readonly now: () => number
  /** Whether a stranger has asked for something by now, or is a stranger no more. */
  readonly hasAsked: (fingerprint: string) => boolean
}

/** The channels of strangers that are up: few, and only for as long as there is a reason. */
export class StrangerChannels {
  readonly #init: StrangerChannelsInit
  readonly #channels = new Map<OpenedChannel, ReturnType<typeof setTimeout>>()
  readonly #byPeer: RateLimiter
  readonly #byAll: RateLimiter

  constructor(init: StrangerChannelsInit) {
    this.#init = init
    this.#byPeer = new RateLimiter(MAX_STRANGER_HANDSHAKES_PER_PEER, STRANGER_HANDSHAKES_WINDOW_MS)
    this.#byAll = new RateLimiter(MAX_STRANGER_HANDSHAKES, ALL_STRANGER_HANDSHAKES_WINDOW_MS)
  }

  get size(): number {
    return this.#channels.size
  }

  /** Whether a peer that is no contact's may shake hands now. */
  mayShakeHands(peerId: string): boolean {
    const now = this.#init.now()
    return this.#byPeer.allow(peerId, now) && this.#byAll.allow('', now)
  }

  /** @throws TooManyStrangersError where this stranger has enough of them */
  add(opened: OpenedChannel): void {
    const { fingerprint } = opened.remote
    if (this.#of(fingerprint).length >= MAX_CHANNELS_PER_STRANGER) {
      throw new TooManyStrangersError('a stranger with too many channels')
    }
    if (this.#channels.size >= MAX_STRANGER_CHANNELS) this.#dropQuietest()
    const idle = setTimeout(() => {
      if (!this.#init.hasAsked(fingerprint)) void opened.channel.close()
    }, STRANGER_IDLE_MS)
    this.#channels.set(opened, idle)
    void opened.channel.closed.then(() => {
      this.#remove(opened)
    })
  }

  /** They are a stranger no more. */
  release(fingerprint: string): void {
    for (const opened of this.#of(fingerprint)) this.#remove(opened)
  }

  stop(): void {
    for (const opened of [...this.#channels.keys()]) this.#remove(opened)
  }

  #dropQuietest(): void {
    const [quietest] = [...this.#channels.keys()].sort(
      (a, b) => a.channel.lastReceivedAt - b.channel.lastReceivedAt,
    )
    if (quietest === undefined) return
    this.#remove(quietest)
    quietest.channel.abort(new TooManyStrangersError('too many strangers'))
  }

  #remove(opened: OpenedChannel): void {
    clearTimeout(this.#channels.get(opened))
    this.#channels.delete(opened)
  }

  #of(fingerprint: string): OpenedChannel[] {
    return [...this.#channels.keys()].filter(({ remote }) => remote.fingerprint === fingerprint)
  }
}
