import {
  ALL_STRANGERS_FRAMES_PER_SECOND,
  BUSY_AFTER_MS,
  BUSY_FACTOR,
  MAX_BUSY_PAUSE_MS,
  STRANGER_FRAMES_PER_SECOND,
} from './constants.ts'

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

  /** The next turn is so much later than it would be, within bounds. */
  delay(nowMs: number, byMs: number): void {
    this.#nextMs = Math.min(Math.max(nowMs, this.#nextMs) + byMs, nowMs + MAX_BUSY_PAUSE_MS)
  }
}

/**
 * How fast frames of strangers are opened: each has a rate, and all together have one, in which they take turns, so that
 * a thousand strangers cost contacts no more than one does. Where this program gets so little of the machine that a timer
 * is late, strangers wait many times as long: a rate that is a twentieth of a free processor would be all of a busy one.
 * What is not opened yet waits in the stranger's own stream.
 */
export class StrangerPace {
  readonly #all = new Queue(ALL_STRANGERS_FRAMES_PER_SECOND)
  /** Milliseconds that only pass. */
  readonly #elapsed: () => number
  readonly #sleep: (ms: number) => Promise<void>

  constructor(elapsed: () => number, sleep: (ms: number) => Promise<void> = pause) {
    this.#elapsed = elapsed
    this.#sleep = sleep
  }

  /** What one channel has to wait for before each frame. */
  channel(): () => Promise<void> {
    const own = new Queue(STRANGER_FRAMES_PER_SECOND)
    return async () => {
      const ownMs = own.turn(this.#elapsed()) - this.#elapsed()
      if (ownMs > 0) await this.#pause(ownMs)
      const sharedMs = this.#all.turn(this.#elapsed()) - this.#elapsed()
      if (sharedMs > 0) await this.#pause(sharedMs)
    }
  }

  async #pause(ms: number): Promise<void> {
    const dueMs = this.#elapsed() + ms
    await this.#sleep(ms)
    const nowMs = this.#elapsed()
    const lateMs = nowMs - dueMs
    if (lateMs < BUSY_AFTER_MS) return
    this.#all.delay(nowMs, lateMs * BUSY_FACTOR)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
