import { MAX_MESSAGE_AGE_MS, MAX_MESSAGE_LEAD_MS, REPLAY_CACHE_IDS } from '../message/constants.ts'
import {
  ExpiredMessageError,
  MalformedMessageError,
  ReorderedMessageError,
  ReplayedMessageError,
} from '../message/errors.ts'
import { unsetNow, type Clock, type Instant } from './clock.ts'
import type { Content } from '../message/content.ts'

/**
 * What one session's incoming messages are held against: an id only once, sequence numbers without a gap, a time that
 * can be. A sender never repeats a message within a session; what it sends again in a later one, because the
 * acknowledgement got lost, is recognised by the history instead.
 */
export class InboundGuard {
  readonly #clock: Clock
  readonly #begun: Instant
  readonly #clockSkewMs: number
  readonly #ids = new Set<string>()
  #nextSequence = 0

  /**
   * @param begun when the session's handshake compared the clocks
   * @param clockSkewMs how far the sender's clock was ahead of ours
   */
  constructor(clock: Clock, begun: Instant, clockSkewMs: number) {
    this.#clock = clock
    this.#begun = begun
    this.#clockSkewMs = clockSkewMs
  }

  /**
   * Returns how long ago the message was written, ms, never less than 0.
   * @throws ReplayedMessageError | ReorderedMessageError | ExpiredMessageError | MalformedMessageError
   */
  check(content: Content, sequence: number): number {
    if (this.#ids.has(content.id)) throw new ReplayedMessageError('a message came twice')
    if (sequence !== this.#nextSequence) throw new ReorderedMessageError('a message out of order')
    const ageMs = this.#age(content)
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
    return Math.max(0, ageMs)
  }

  /** As its author says, whose clock was set since; or by the clocks as they stood in the handshake. */
  #age({ age, timestamp }: Content): number {
    if (age !== undefined) {
      if (!Number.isSafeInteger(age) || age < 0) {
        throw new MalformedMessageError('a message without a proper age')
      }
      return age
    }
    const written = timestamp - this.#clockSkewMs
    const ages = [this.#clock.now(), unsetNow(this.#clock, this.#begun)].map((now) => now - written)
    // our own clock may have been set, or the machine have slept: either way one of the two is right
    const [first = 0, second = 0] = ages
    return Math.abs(first) < Math.abs(second) ? first : second
  }
}
