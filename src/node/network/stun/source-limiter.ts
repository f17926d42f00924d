/** Answers one source gets in a burst, and a second after that: ICE asks a handful of times. */
export const BURST = 30
export const ANSWERS_A_SECOND = 10

/** Answers a second for everybody together: about 250 kbit/s. */
export const ALL_ANSWERS_A_SECOND = 1000

/** Sources that are counted at once; the one that was quiet the longest is forgotten. */
export const MAX_SOURCES = 4096

interface Bucket {
  tokens: number
  at: number
}

/** A token bucket for each source address, and one for all. */
export class SourceLimiter {
  readonly #now: () => number
  readonly #sources = new Map<string, Bucket>()
  readonly #all: Bucket

  constructor(now: () => number) {
    this.#now = now
    this.#all = { tokens: ALL_ANSWERS_A_SECOND, at: now() }
  }

  get size(): number {
    return this.#sources.size
  }

  allows(source: string): boolean {
    const bucket = this.#sources.get(source) ?? { tokens: BURST, at: this.#now() }
    this.#sources.delete(source)
    this.#sources.set(source, bucket)
    const [oldest] = this.#sources.keys()
    if (this.#sources.size > MAX_SOURCES && oldest !== undefined) this.#sources.delete(oldest)
    return (
      this.#take(bucket, ANSWERS_A_SECOND, BURST) &&
      this.#take(this.#all, ALL_ANSWERS_A_SECOND, ALL_ANSWERS_A_SECOND)
    )
  }

  #take(bucket: Bucket, perSecond: number, most: number): boolean {
    const now = this.#now()
    const earned = (Math.max(0, now - bucket.at) / 1000) * perSecond
    bucket.tokens = Math.min(most, bucket.tokens + earned)
    bucket.at = now
    if (bucket.tokens < 1) return false
    bucket.tokens--
    return true
  }
}
