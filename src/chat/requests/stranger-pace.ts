import { ALL_STRANGERS_FRAMES_PER_SECOND, STRANGER_FRAMES_PER_SECOND } from './constants.ts'

/** One queue that moves at a constant rate: each who comes is told when it is their turn. */
class Queue {
  readonly #intervalMs: number
  #nextMs = 0

  constructor(perSecond: number) {
    this.#intervalMs = 1000 / perSecond
  }

  /** The time from `nowMs` on at which the next turn is, which is taken. */
  turn(nowMs: number): number {
    const turnMs = Math.max(nowMs, this.#nextMs)
    this.#nextMs = turnMs + this.#intervalMs
    return turnMs
  }
}

/**
 * How fast frames of strangers are opened: each has a rate, and all together have one, in which they take turns, so that
 * a thousand strangers cost contacts no more than one does. What is not opened yet waits in the stranger's own stream.
 */
export class StrangerPace {
  readonly #all = new Queue(ALL_STRANGERS_FRAMES_PER_SECOND)
  /** Milliseconds that only pass. */
  readonly #elapsed: () => number

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  /** What one channel has to wait for before each frame. */
  channel(): () => Promise<void> {
    const own = new Queue(STRANGER_FRAMES_PER_SECOND)
    return async () => {
      const ownMs = own.turn(this.#elapsed()) - this.#elapsed()
      if (ownMs > 0) await pause(ownMs)
      const sharedMs = this.#all.turn(this.#elapsed()) - this.#elapsed()
      if (sharedMs > 0) await pause(sharedMs)
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
