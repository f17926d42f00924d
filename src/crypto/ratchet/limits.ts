/** The ratchet's numbers, docs/specs/session.md §6 and §7. Each says what it costs to have it larger. */

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Blocks of one chain. A receiver steps at most this far ahead in it, and holds at most this many passed keys. */
export const MAX_CHAIN_MESSAGES = 100
/** Age at which a sender leaves its chain. */
export const MAX_CHAIN_AGE_MS = HOUR_MS
/** How long keys of blocks under way are kept: as long as a mailbox keeps a letter. */
export const MAX_UNOPENED_AGE_MS = 14 * DAY_MS
/** Epochs that may be lost whole, one after the other: 42 days of one an hour. Each costs 2 HMACs and 32 bytes. */
export const MAX_EPOCH_SKIP = 1024
/** The last epoch of a turn: headers count in 16 bits, and stored state keeps the number of the one after it. */
export const MAX_EPOCH = 0xfffe
/** Earlier turns with blocks missing. Each costs one more trial of a header (10 µs) on a block that fits none. */
export const MAX_EARLIER_TURNS = 32
/** Chains with blocks missing, in one turn. */
export const MAX_TURN_CHAINS = 32
/** The same, of all turns together: 100 × 32 bytes each at most. The oldest turns go first. */
export const MAX_CHAINS = 64
/** Epochs of which nothing came, of all turns together; one turn has `MAX_EPOCH_SKIP` at most. 40 bytes each. */
export const MAX_UNSEEN_EPOCHS = 2048
/** Nonces of opened blocks that are remembered, to call a replay by its name once its keys are gone. 12 bytes each. */
export const REPLAY_CACHE_SIZE = 1024

/** Longest that a side may put off its turn. */
const MAX_TURN_INTERVAL_MS = 10_000

export interface RatchetLimits {
  /** At most `MAX_CHAIN_MESSAGES`. */
  readonly maxChainMessages: number
  /** At most `MAX_CHAIN_AGE_MS`. */
  readonly maxChainAgeMs: number
  /**
   * A turn of ours lasts at least this long, so that a rapid exchange does not pay for two key agreements a message;
   * what is stolen heals that much later. At most `MAX_TURN_INTERVAL_MS`; default 0: a turn at every answer.
   */
  readonly turnIntervalMs: number
}

/** @throws RangeError for limits above the protocol's, or below one */
export function ratchetLimits(limits: Partial<RatchetLimits> = {}): RatchetLimits {
  const { maxChainMessages = MAX_CHAIN_MESSAGES, maxChainAgeMs = MAX_CHAIN_AGE_MS } = limits
  const { turnIntervalMs = 0 } = limits
  const valid = (value: number, max: number) =>
    Number.isSafeInteger(value) && value >= 1 && value <= max
  if (!valid(maxChainMessages, MAX_CHAIN_MESSAGES) || !valid(maxChainAgeMs, MAX_CHAIN_AGE_MS)) {
    throw new RangeError('a chain may end earlier than the protocol says, not later')
  }
  if (!(turnIntervalMs >= 0 && turnIntervalMs <= MAX_TURN_INTERVAL_MS)) {
    throw new RangeError('a turn may be put off for ten seconds at most')
  }
  return { maxChainMessages, maxChainAgeMs, turnIntervalMs }
}
