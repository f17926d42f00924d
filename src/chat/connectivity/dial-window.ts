import {
  DIAL_WINDOW_FIRST,
  DIAL_WINDOW_LAST,
  DIAL_WINDOW_LEAST,
  LONELY_DIAL_MS,
  QUICK_DIAL_MS,
  SLOW_DIAL_MS,
} from './constants.ts'

/**
 * How many handshakes may be under way at once: more while they are quick, half as many as soon as one is slow, as TCP does
 * with what it has under way. A machine that is behind with its work, theirs or ours, gets through a few handshakes where
 * it would get through none of many. Dials that nobody answers cost nobody any work, and hold no place for long.
 */
export class DialWindow {
  readonly #now: () => number
  readonly #places = new Set<object>()
  readonly #waiting = new Set<() => void>()
  #size = DIAL_WINDOW_FIRST
  #shrunkAt = -Infinity

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** How many there may be. */
  get size(): number {
    return Math.floor(this.#size)
  }

  /** `dial` calls `answered` when the other machine has taken the connection. Rejects with the signal's reason at most. */
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
    while (this.#places.size >= this.size) {
      await new Promise<void>((resolve, reject) => {
        const wake = (): void => {
          signal.removeEventListener('abort', giveUp)
          resolve()
        }
        const giveUp = (): void => {
          this.#waiting.delete(wake)
          reject(new Error('gave up waiting for a place', { cause: signal.reason }))
        }
        signal.addEventListener('abort', giveUp, { once: true })
        this.#waiting.add(wake)
      })
    }
    this.#places.add(place)
  }

  #leave(place: object): void {
    this.#places.delete(place)
    this.#wake(this.size - this.#places.size)
  }

  #wake(count: number): void {
    for (const wake of [...this.#waiting].slice(0, Math.max(0, count))) {
      this.#waiting.delete(wake)
      wake()
    }
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
