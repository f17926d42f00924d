import { TokenBuckets } from '../token-buckets.ts'

/** Answers one source gets in a burst, and a second after that: ICE asks a handful of times. */
export const BURST = 30
export const ANSWERS_A_SECOND = 10

/** Answers a second for everybody together: about 250 kbit/s. */
export const ALL_ANSWERS_A_SECOND = 1000

/** Sources that are counted at once; the one that was quiet the longest is forgotten. */
export const MAX_SOURCES = 4096

/** A token bucket for each source address, and one for all. */
export class SourceLimiter {
  readonly #sources: TokenBuckets
  readonly #all: TokenBuckets

  constructor(now: () => number) {
    this.#sources = new TokenBuckets({
      burst: BURST,
      perSecond: ANSWERS_A_SECOND,
      maxSources: MAX_SOURCES,
      now,
    })
    this.#all = new TokenBuckets({
      burst: ALL_ANSWERS_A_SECOND,
      perSecond: ALL_ANSWERS_A_SECOND,
      maxSources: 1,
      now,
    })
  }

  get size(): number {
    return this.#sources.size
  }

  allows(source: string): boolean {
    return this.#sources.take(source) && this.#all.take('all')
  }
}
