/** Counts what each author sends within a window, and forgets everybody when it has passed. */
export class RateLimiter {
  readonly #limit: number
  readonly #windowMs: number
  #current = new Map<string, number>()
  #startedAt = 0

  constructor(limit: number, windowMs: number) {
    this.#limit = limit
    this.#windowMs = windowMs
  }

  /** True while `author` is within the limit. */
  allow(author: string, nowMs: number): boolean {
    if (nowMs - this.#startedAt >= this.#windowMs) {
      this.#current = new Map()
      this.#startedAt = nowMs
    }
    const count = (this.#current.get(author) ?? 0) + 1
    this.#current.set(author, count)
    return count <= this.#limit
  }
}
