export interface TokenBucketsInit {
  /** What somebody quiet may take at once. */
  readonly burst: number
  readonly perSecond: number
  /** Sources that are known at once; the one that was quiet the longest is forgotten. */
  readonly maxSources: number
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number
}

interface Bucket {
  tokens: number
  at: number
}

/** A rate for each source. */
export class TokenBuckets {
  readonly #init: TokenBucketsInit
  readonly #buckets = new Map<string, Bucket>()

  constructor(init: TokenBucketsInit) {
    this.#init = init
  }

  get size(): number {
    return this.#buckets.size
  }

  /** Whether this source took nothing for long enough. */
  isFull(source: string): boolean {
    const bucket = this.#buckets.get(source)
    return bucket === undefined || this.#tokens(bucket) >= this.#init.burst
  }

  /** Takes one, if there is one. */
  take(source: string): boolean {
    const { burst, maxSources, now } = this.#init
    const bucket = this.#buckets.get(source) ?? { tokens: burst, at: now() }
    // what was used last comes last
    this.#buckets.delete(source)
    this.#buckets.set(source, bucket)
    const [oldest] = this.#buckets.keys()
    if (this.#buckets.size > maxSources && oldest !== undefined) this.#buckets.delete(oldest)
    bucket.tokens = this.#tokens(bucket)
    bucket.at = now()
    if (bucket.tokens < 1) return false
    bucket.tokens--
    return true
  }

  #tokens({ tokens, at }: Bucket): number {
    const { burst, perSecond, now } = this.#init
    const earned = (Math.max(0, now() - at) / 1000) * perSecond
    return Math.min(burst, tokens + earned)
  }
}
