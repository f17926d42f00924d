import {
  DIAL_WINDOW_FIRST,
  DIAL_WINDOW_LAST,
  DIAL_WINDOW_LEAST,
  LONELY_DIAL_MS,
  QUICK_DIAL_MS,
  SLOW_DIAL_MS,
} from './constants.ts'
import { WaitingLine } from './waiting-line.ts'

/**
 * How many handshakes may be under way at once: more while they are quick, half as many as soon as one is slow, as TCP does
 * with what it has under way. A machine that is behind with its work, theirs or ours, gets through a few handshakes where
 * it would get through none of many. Dials that nobody answers cost nobody any work, and hold no place for long.
 */
export class DialWindow {
  readonly #now: () => number
  readonly #places = new Set<object>()
  readonly #line = new WaitingLine()
  #size = DIAL_WINDOW_FIRST
  #shrunkAt = -Infinity

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** How many there may be. */
  get size(): number {
    return Math.floor(this.#size)
  }

  /**
   * `dial` calls `answered` when the other machine has taken the connection.
   * @throws what `dial` does, or Error when `signal` fires before its turn
   */
  async run<Value>(
    signal: AbortSignal,
    dial: (answered: () => void) => Promise<Value>,
  ): Promise<Value> {
    const place = {}
    await this.#enter(place, signal)
    const lonely = setTimeout(() => {
      this.#leave(place)
    }, LONELY_DIAL_MS)
    let answeredAt: number | undefined
    const answered = (): void => {
      if (answeredAt !== undefined) return
      clearTimeout(lonely)
      answeredAt = this.#now()
      this.#places.add(place)
    }
    try {
      const value = await dial(answered)
      if (answeredAt !== undefined && this.#now() - answeredAt <= QUICK_DIAL_MS) this.#grow()
      return value
    } finally {
      clearTimeout(lonely)
      if (answeredAt !== undefined && this.#now() - answeredAt >= SLOW_DIAL_MS) this.#shrink()
      this.#leave(place)
    }
  }

  async #enter(place: object, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    while (this.#places.size >= this.size) await this.#line.stand(signal)
    this.#places.add(place)
  }

  #leave(place: object): void {
    this.#places.delete(place)
    for (let free = this.size - this.#places.size; free > 0; free--) this.#line.wakeNext()
  }

  #grow(): void {
    this.#size = Math.min(DIAL_WINDOW_LAST, this.#size + 1 / this.#size)
  }

  /** Those that were under way together are slow together: one reason. */
  #shrink(): void {
    const now = this.#now()
    if (now - this.#shrunkAt < SLOW_DIAL_MS) return
    this.#shrunkAt = now
    this.#size = Math.max(DIAL_WINDOW_LEAST, this.#size / 2)
  }
}
