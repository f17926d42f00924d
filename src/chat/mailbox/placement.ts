import { RECHECK_INTERVAL_MS } from './constants.ts'
import type { PeerId } from '@libp2p/interface'

interface Holding {
  /** What the address had seen when they were last asked. */
  readonly arrivals: number
  readonly askedAt: number
}

/** Who else is known to hold everything of one address that we hold. */
export class Placement {
  readonly #holders = new Map<string, Holding>()
  lookedUpAt = -Infinity

  holds(peer: PeerId, arrivals: number, nowMs: number): boolean {
    const holding = this.#holders.get(peer.toString())
    if (holding === undefined || holding.arrivals < arrivals) return false
    return nowMs - holding.askedAt < RECHECK_INTERVAL_MS
  }

  /** They said so themselves: a mailbox that lies is one of three. */
  confirmed(peer: PeerId, arrivals: number, nowMs: number): void {
    this.#holders.set(peer.toString(), { arrivals, askedAt: nowMs })
  }

  /** Whether they were among the holders until now. */
  forget(peer: PeerId): boolean {
    return this.#holders.delete(peer.toString())
  }
}
