import { LOOKUP_PAUSE_FIRST_MS, LOOKUP_PAUSE_LAST_MS, MAX_PACED_LOOKUPS } from './constants.ts'
import { GrowingPause } from './growing-pause.ts'

interface Asked {
  readonly pause: GrowingPause
  notBefore: number
}

/**
 * How often the directory is asked where somebody is. Each question goes to twenty nodes, and for somebody who is away the
 * answer stays the same: whoever has many such friends would ask without end.
 */
export class LookupPace {
  readonly #now: () => number
  /** Those who were asked for last come last. */
  readonly #asked = new Map<string, Asked>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Whether it is time to ask for `peer`; if so, the next time is later. */
  take(peer: string): boolean {
    const asked = this.#asked.get(peer) ?? { pause: pause(), notBefore: -Infinity }
    const now = this.#now()
    if (now < asked.notBefore) return false
    asked.notBefore = now + asked.pause.next()
    this.#asked.delete(peer)
    this.#asked.set(peer, asked)
    const [oldest] = this.#asked.keys()
    if (this.#asked.size > MAX_PACED_LOOKUPS && oldest !== undefined) this.#asked.delete(oldest)
    return true
  }

  /** They were reached: when they are gone again, where they are may be news. */
  forget(peer: string): void {
    this.#asked.delete(peer)
  }
}

function pause(): GrowingPause {
  return new GrowingPause({ firstMs: LOOKUP_PAUSE_FIRST_MS, lastMs: LOOKUP_PAUSE_LAST_MS })
}
