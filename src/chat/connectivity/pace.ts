import { GrowingPause, type GrowingPauseInit } from './growing-pause.ts'

export interface PaceInit extends GrowingPauseInit {
  /** Peers that are remembered; of more, those who were tried last. */
  readonly maxPeers: number
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number
}

interface Tried {
  readonly pause: GrowingPause
  notBefore: number
}

/**
 * How often something is tried for one peer: ever more seldom until it succeeds. What fails for somebody who is away fails
 * again a moment later, and whoever knows many such peers would try without end.
 */
export class Pace {
  readonly #init: PaceInit
  readonly #now: () => number
  /** Those who were tried last come last. */
  readonly #tried = new Map<string, Tried>()

  constructor(init: PaceInit) {
    this.#init = init
    this.#now = init.now ?? (() => performance.now())
  }

  /** Whether it is time to try for `peer`; if so, the next time is later. */
  take(peer: string): boolean {
    const tried = this.#tried.get(peer) ?? {
      pause: new GrowingPause(this.#init),
      notBefore: -Infinity,
    }
    const now = this.#now()
    if (now < tried.notBefore) return false
    tried.notBefore = now + tried.pause.next()
    this.#tried.delete(peer)
    this.#tried.set(peer, tried)
    const [oldest] = this.#tried.keys()
    if (this.#tried.size > this.#init.maxPeers && oldest !== undefined) this.#tried.delete(oldest)
    return true
  }

  /** It succeeded: should it fail later, that is news. */
  forget(peer: string): void {
    this.#tried.delete(peer)
  }

  /** The odds are new for everybody. */
  clear(): void {
    this.#tried.clear()
  }
}
