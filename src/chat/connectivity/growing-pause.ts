export interface GrowingPauseInit {
  readonly firstMs: number
  readonly lastMs: number
  /** @default 2 */
  readonly factor?: number
}

/** How long to wait before the next attempt: longer after each, up to a bound. */
export class GrowingPause {
  readonly #init: GrowingPauseInit
  #nextMs: number

  constructor(init: GrowingPauseInit) {
    this.#init = init
    this.#nextMs = init.firstMs
  }

  /** The pause due now, ms. */
  next(): number {
    const { lastMs, factor = 2 } = this.#init
    const pauseMs = this.#nextMs
    this.#nextMs = Math.min(pauseMs * factor, lastMs)
    return pauseMs
  }

  /** The next pause is as short as the first. */
  reset(): void {
    this.#nextMs = this.#init.firstMs
  }
}

/** Up to half of it less, by a number in [0, 1): two who lost each other do not come back at the same moments. */
export function shortened(pauseMs: number, random: number): number {
  return pauseMs * (1 - random / 2)
}
