import { CHANCE_PAUSE_FIRST_MS, CHANCE_PAUSE_LAST_MS } from './constants.ts'
import { GrowingPause } from './growing-pause.ts'

/**
 * Does something whenever there is reason to: at once the first time, and where reasons come in a row with pauses in
 * between, each twice as long as the one before. Reasons that come within a pause are one.
 */
export class Spaced {
  readonly #now: () => number
  readonly #run: () => void
  readonly #pause = new GrowingPause({
    firstMs: CHANCE_PAUSE_FIRST_MS,
    lastMs: CHANCE_PAUSE_LAST_MS,
  })
  #timer: ReturnType<typeof setTimeout> | undefined
  #notBefore = 0

  constructor(now: () => number, run: () => void) {
    this.#now = now
    this.#run = run
  }

  ask(): void {
    if (this.#timer !== undefined) return
    const waitMs = this.#notBefore - this.#now()
    if (waitMs <= 0) this.#go()
    else {
      this.#timer = setTimeout(() => {
        this.#timer = undefined
        this.#go()
      }, waitMs)
    }
  }

  /** What is asked for next is done at once; what was asked for is not. */
  reset(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#pause.reset()
    this.#notBefore = 0
  }

  #go(): void {
    this.#notBefore = this.#now() + this.#pause.next()
    this.#run()
  }
}
