import { ConnectError } from '../errors.ts'
import {
  RECONNECT_FIRST_MS,
  RECONNECT_LAST_MS,
  STABLE_CHANNEL_MS,
  SURPLUS_CHANNEL_MS,
} from './constants.ts'
import { keepAlive } from '../direct/keep-alive.ts'
import type { Link } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'

export interface PeerLinkInit {
  /** Opens a channel to the person this link leads to. @throws ConnectError */
  readonly open: (signal?: AbortSignal) => Promise<OpenedChannel>
  /** A channel is up; called for each. */
  readonly onUp: (opened: OpenedChannel) => void
  readonly onChange: (link: Link) => void
  /** Something waits to be sent: keep trying. */
  readonly wanted: () => boolean
  /** The user knows that somebody else answers there, and waits on for the one they know. */
  readonly patient: () => boolean
  /** Of two channels that came up at once, exactly one side may close the lesser. */
  readonly closesSurplus: boolean
  readonly now: () => number
  /** A number in [0, 1). */
  readonly random: () => number
}

/** The way to one person: the channels to them that are up, and the attempts to get one. */
export class PeerLink {
  readonly #init: PeerLinkInit
  readonly #channels = new Set<OpenedChannel>()
  #connecting: Promise<OpenedChannel> | undefined
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #surplusTimer: ReturnType<typeof setTimeout> | undefined
  #retryDelayMs = RECONNECT_FIRST_MS
  #link: Link = { state: 'offline' }
  #stopped = false

  constructor(init: PeerLinkInit) {
    this.#init = init
  }

  get link(): Link {
    return this.#link
  }

  /** The channel to send on: a direct one before a relayed one, a newer before an older. */
  get best(): OpenedChannel | undefined {
    return [...this.#channels]
      .reverse()
      .sort((a, b) => Number(isRelayed(a)) - Number(isRelayed(b)))[0]
  }

  /** Takes a channel that came up, whoever opened it. */
  attach(opened: OpenedChannel): void {
    if (this.#stopped) {
      void opened.channel.close()
      return
    }
    this.#channels.add(opened)
    const upAt = this.#init.now()
    this.#cancelRetry()
    keepAlive(opened.channel, this.#init.now, this.#init.random)
    void opened.channel.closed.then(() => {
      this.#channels.delete(opened)
      this.#update()
      this.#lost(this.#init.now() - upAt)
    })
    this.#update()
    this.#init.onUp(opened)
    if (this.#init.closesSurplus) this.#closeSurplusSoon()
  }

  /** A channel that lasted was a success: the next attempt follows at once. One that did not counts as a failure. */
  #lost(ageMs: number): void {
    const lasted = ageMs >= STABLE_CHANNEL_MS
    if (lasted) this.#retryDelayMs = RECONNECT_FIRST_MS
    if (this.#channels.size > 0 || !this.#init.wanted()) return
    if (lasted) this.poke()
    else this.#retryLater()
  }

  /** The best channel, opening one where there is none. @throws ConnectError */
  async connect(signal?: AbortSignal): Promise<OpenedChannel> {
    const best = this.best
    if (best !== undefined) return best
    this.#connecting ??= this.#connectOnce(signal).finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  /** Tries now, and again with growing pauses for as long as something waits to be sent. */
  poke(): void {
    this.#cancelRetry()
    if (this.#stopped || this.best !== undefined) return
    this.connect().catch((err: unknown) => {
      // somebody else answers: the user decides what that means before anything is tried again
      const changed = err instanceof ConnectError && err.reason === 'identity-changed'
      const final = changed && !this.#init.patient()
      if (!final && this.#init.wanted()) this.#retryLater()
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelRetry()
    clearTimeout(this.#surplusTimer)
    const signal = AbortSignal.timeout(500)
    await Promise.all([...this.#channels].map(({ channel }) => channel.close({ signal })))
  }

  async #connectOnce(signal?: AbortSignal): Promise<OpenedChannel> {
    this.#set({ state: 'connecting' })
    try {
      const opened = await this.#init.open(signal)
      this.attach(opened)
      return opened
    } catch (err) {
      const reason = err instanceof ConnectError ? err.reason : 'peer-offline'
      if (this.#channels.size === 0) this.#set({ state: 'offline', reason })
      throw err
    }
  }

  #retryLater(): void {
    // everyone who waited for the attempt that failed comes here; the first has arranged for the next
    if (this.#stopped || this.#retryTimer !== undefined) return
    const delayMs = this.#retryDelayMs * (1 - this.#init.random() / 2)
    this.#retryDelayMs = Math.min(this.#retryDelayMs * 2, RECONNECT_LAST_MS)
    this.#retryTimer = setTimeout(() => {
      this.poke()
    }, delayMs)
  }

  #cancelRetry(): void {
    clearTimeout(this.#retryTimer)
    this.#retryTimer = undefined
  }

  #closeSurplusSoon(): void {
    if (this.#channels.size < 2) return
    clearTimeout(this.#surplusTimer)
    this.#surplusTimer = setTimeout(() => {
      const best = this.best
      for (const opened of this.#channels) if (opened !== best) void opened.channel.close()
    }, SURPLUS_CHANNEL_MS)
  }

  #update(): void {
    const best = this.best
    if (best === undefined) {
      this.#set({ state: 'offline' })
      return
    }
    const multiaddr = best.connection.remoteAddr.toString()
    const path = isRelayed(best) ? 'relayed' : 'direct'
    const current = this.#link
    if (current.state === 'secure' && current.multiaddr === multiaddr) return
    this.#set({ state: 'secure', path, since: this.#init.now(), multiaddr })
  }

  #set(link: Link): void {
    this.#link = link
    this.#init.onChange(link)
  }
}

/** WebRTC addresses name the relay that brought the two together, but the frames no longer pass it. */
export function isRelayed({ connection }: OpenedChannel): boolean {
  const address = connection.remoteAddr.toString()
  return address.includes('/p2p-circuit') && !address.includes('/webrtc')
}
