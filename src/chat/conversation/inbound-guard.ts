import { MAX_MESSAGE_AGE_MS, MAX_MESSAGE_LEAD_MS, REPLAY_CACHE_IDS } from '../message/constants.ts'
import {
  ExpiredMessageError,
  ReorderedMessageError,
  ReplayedMessageError,
} from '../message/errors.ts'
import type { Content } from '../message/content.ts'

/**
 * What one session's incoming messages are held against: an id only once, sequence numbers without a gap, a time that
 * can be. A sender never repeats a message within a session; what it sends again in a later one, because the
 * acknowledgement got lost, is recognised by the history instead.
 */
export class InboundGuard {
  readonly #clockSkewMs: number
  readonly #ids = new Set<string>()
  #nextSequence = 0

  /** @param clockSkewMs how far the sender's clock is ahead of ours */
  constructor(clockSkewMs: number) {
    this.#clockSkewMs = clockSkewMs
  }

  /** @throws ReplayedMessageError | ReorderedMessageError | ExpiredMessageError */
  check(content: Content, sequence: number, nowMs: number): void {
    if (this.#ids.has(content.id)) throw new ReplayedMessageError('a message came twice')
    if (sequence !== this.#nextSequence) throw new ReorderedMessageError('a message out of order')
    const ageMs = nowMs - (content.timestamp - this.#clockSkewMs)
    if (ageMs > MAX_MESSAGE_AGE_MS) throw new ExpiredMessageError('a message too old')
    if (ageMs < -MAX_MESSAGE_LEAD_MS) throw new ExpiredMessageError('a message from the future')
    this.#nextSequence++
    this.#ids.add(content.id)
    // the sequence alone already refuses what is forgotten here
    if (this.#ids.size > REPLAY_CACHE_IDS) {
      for (const oldest of this.#ids.values()) {
        this.#ids.delete(oldest)
        break
      }
    }
  }
}
