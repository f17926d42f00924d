import {
  UPGRADE_FIRST_MS,
  UPGRADE_PAUSE_FACTOR,
  UPGRADE_PAUSE_FIRST_MS,
  UPGRADE_PAUSE_LAST_MS,
  WEBRTC_SECOND_MS,
} from './constants.ts'
import { GrowingPause, shortened } from './growing-pause.ts'
import type { UpgradeFailure, UpgradeState } from '../api.ts'

export interface PathUpgradeInit {
  /** One attempt; resolves when a better channel is up. `offer`: it is our turn to make a WebRTC offer. */
  readonly attempt: (options: { signal: AbortSignal; offer: boolean }) => Promise<void>
  /** What an attempt that failed says of the way. */
  readonly explain: (err: unknown) => UpgradeFailure
  readonly onChange: () => void
  /** Of the two sides, one offers first. */
  readonly offersFirst: boolean
  readonly now: () => number
  /** A number in [0, 1). */
  readonly random: () => number
}

/**
 * Tries for a better path for as long as a conversation has only a relayed one. A failure leaves the path there is
 * alone; the pauses grow, and start anew when something changed.
 */
export class PathUpgrade {
  readonly #init: PathUpgradeInit
  readonly #pause = new GrowingPause({
    firstMs: UPGRADE_PAUSE_FIRST_MS,
    lastMs: UPGRADE_PAUSE_LAST_MS,
    factor: UPGRADE_PAUSE_FACTOR,
  })
  #state: UpgradeState | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #running: AbortController | undefined
  /** Something changed while an attempt was under way. */
  #again = false
  #attempts = 0

  constructor(init: PathUpgradeInit) {
    this.#init = init
  }

  /** Undefined while there is nothing better to look for. */
  get state(): UpgradeState | undefined {
    return this.#state
  }

  /** The path is a relayed one from now on; harmless when it was before. */
  start(): void {
    if (this.#state !== undefined) return
    this.#pause.reset()
    this.#attempts = 0
    this.#later(UPGRADE_FIRST_MS)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#running?.abort(new Error('no better path is looked for'))
    this.#running = undefined
    this.#again = false
    this.#state = undefined
  }

  /** Addresses of either side are other ones, or a connection came up: the odds are new. */
  hint(): void {
    if (this.#state === undefined) return
    this.#pause.reset()
    if (this.#running !== undefined) this.#again = true
    else this.#later(0, this.#state.reason)
  }

  #later(delayMs: number, reason?: UpgradeFailure): void {
    clearTimeout(this.#timer)
    this.#set({
      state: 'waiting',
      nextAt: this.#init.now() + delayMs,
      ...(reason === undefined ? {} : { reason }),
    })
    this.#timer = setTimeout(() => {
      void this.#try()
    }, delayMs)
  }

  async #try(): Promise<void> {
    const running = new AbortController()
    this.#running = running
    this.#set({
      state: 'trying',
      ...(this.#state?.reason === undefined ? {} : { reason: this.#state.reason }),
    })
    // both offering at once makes two paths; the second side comes after the first had its chance
    const offer = this.#init.offersFirst || this.#attempts > 0
    this.#attempts++
    try {
      await this.#init.attempt({ signal: running.signal, offer })
      if (this.#running === running) this.#running = undefined
    } catch (err) {
      if (this.#running !== running) return
      this.#running = undefined
      this.#failed(this.#init.explain(err), offer)
    }
  }

  #failed(reason: UpgradeFailure, offered: boolean): void {
    if (this.#again) {
      this.#again = false
      this.#later(0, reason)
    } else if (!offered) {
      this.#later(WEBRTC_SECOND_MS, reason)
    } else {
      this.#later(shortened(this.#pause.next(), this.#init.random()), reason)
    }
  }

  #set(state: UpgradeState): void {
    this.#state = state
    this.#init.onChange()
  }
}
