/** How long a timer runs before the clock is looked at again: a laptop's sleep stops timers and not time. */
const MAX_TICK_MS = 5000

interface Deadline {
  readonly expiresAt: number
  /** By the clock that nobody can set back. */
  readonly steadyAt: number
  readonly onDue: () => void
}

export interface BurnTimersInit {
  readonly now: () => number
  /** Milliseconds of a clock that only goes forward. */
  readonly steadyNow?: () => number
}

/** Calls what is due, by the wall clock or by time that has really gone by, whichever says so first. */
export class BurnTimers {
  readonly #now: () => number
  readonly #steadyNow: () => number
  readonly #deadlines = new Map<string, Deadline>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped = false

  constructor({ now, steadyNow = () => performance.now() }: BurnTimersInit) {
    this.#now = now
    this.#steadyNow = steadyNow
  }

  /** @param ttlMs no deadline is further away than this, wherever the clock was when it was set */
  set(id: string, expiresAt: number, ttlMs: number, onDue: () => void): void {
    if (this.#stopped) return
    const leftMs = Math.min(Math.max(expiresAt - this.#now(), 0), ttlMs)
    this.#deadlines.set(id, { expiresAt, steadyAt: this.#steadyNow() + leftMs, onDue })
    this.#wait()
  }

  cancel(id: string): void {
    this.#deadlines.delete(id)
  }

  stop(): void {
    this.#stopped = true
    this.#deadlines.clear()
    clearTimeout(this.#timer)
  }

  #wait(): void {
    clearTimeout(this.#timer)
    if (this.#deadlines.size === 0) return
    const nearest = Math.min(...[...this.#deadlines.values()].map((each) => this.#left(each)))
    this.#timer = setTimeout(
      () => {
        this.#tick()
      },
      Math.min(nearest, MAX_TICK_MS),
    )
  }

  #tick(): void {
    for (const [id, deadline] of this.#deadlines) {
      if (this.#left(deadline) > 0) continue
      this.#deadlines.delete(id)
      deadline.onDue()
    }
    this.#wait()
  }

  #left({ expiresAt, steadyAt }: Deadline): number {
    return Math.max(0, Math.min(expiresAt - this.#now(), steadyAt - this.#steadyNow()))
  }
}
