/** The time of day, which people and NTP set, and a time that only passes. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds since whenever; never set back or forward, and may stand still while the machine sleeps. */
  readonly elapsed: () => number
}

/** A point in time by both. */
export interface Instant {
  readonly now: number
  readonly elapsed: number
}

export function instant({ now, elapsed }: Clock): Instant {
  return { now: now(), elapsed: elapsed() }
}

/** What time of day it would be now, had nobody set the clock since. */
export function unsetNow(clock: Clock, since: Instant): number {
  return since.now + (clock.elapsed() - since.elapsed)
}
