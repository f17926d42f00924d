import { GrowingPause, shortened } from '../connectivity/growing-pause.ts'
import { RECONNECT_FIRST_MS, RECONNECT_LAST_MS } from './constants.ts'

export interface RetryPauseInit {
  /** The pause is over, and was not cancelled. */
  readonly onOver: () => void
  readonly now: () => number
  /** A number in [0, 1). */
  readonly random: () => number
}

/** The pause between two attempts: each twice as long as the one before, up to a minute, and shortened at random. */
export class RetryPause {
  readonly #init: RetryPauseInit
  readonly #pause = new GrowingPause({ firstMs: RECONNECT_FIRST_MS, lastMs: RECONNECT_LAST_MS })
  #timer: ReturnType<typeof setTimeout> | undefined
  #endsAt: number | undefined

  constructor(init: RetryPauseInit) {
    this.#init = init
  }

  /** Milliseconds since 1970; undefined when there is no pause. */
  get endsAt(): number | undefined {
    return this.#endsAt
  }

  begin(): void {
    this.cancel()
    const delayMs = shortened(this.#pause.next(), this.#init.random())
    this.#timer = setTimeout(() => {
      this.cancel()
      this.#init.onOver()
    }, delayMs)
    this.#endsAt = this.#init.now() + delayMs
  }

  cancel(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#endsAt = undefined
  }

  /** The next pause is as short as the first. */
  shorten(): void {
    this.#pause.reset()
  }
}
