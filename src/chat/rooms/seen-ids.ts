import { MAX_SEEN_IDS } from './constants.ts'

/** Remembers ids for at least a window: two generations of them, the older of which is dropped whole. */
export class SeenIds {
  readonly #windowMs: number
  #current = new Set<string>()
  #previous = new Set<string>()
  #turnedAt = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** False for an id that was added within the window. */
  add(id: string, nowMs: number): boolean {
    if (nowMs - this.#turnedAt >= this.#windowMs || this.#current.size >= MAX_SEEN_IDS) {
      this.#previous = this.#current
      this.#current = new Set()
      this.#turnedAt = nowMs
    }
    if (this.#current.has(id) || this.#previous.has(id)) return false
    this.#current.add(id)
    return true
  }
}
