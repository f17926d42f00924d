/** Reconnection while something waits to be sent: doubling from the first to the last, each shortened at random by up to half. */
export const RECONNECT_FIRST_MS = 1000
export const RECONNECT_LAST_MS = 60_000

/** A channel that ended before this age was no success: the pauses go on growing, or two peers would chase each other. */
export const STABLE_CHANNEL_MS = 10_000

/** A second channel to the same person is closed after this, when everything under way on it has landed. */
export const SURPLUS_CHANNEL_MS = 5000

/** Messages to one person that may wait for them. */
export const MAX_OUTBOX_MESSAGES = 10_000
