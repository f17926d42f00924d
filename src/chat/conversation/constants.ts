/** Reconnection while something waits to be sent: doubling from the first to the last, each shortened at random by up to half. */
export const RECONNECT_FIRST_MS = 1000
export const RECONNECT_LAST_MS = 60_000

/** A channel that ended before this age was no success: the pauses go on growing, or two peers would chase each other. */
export const STABLE_CHANNEL_MS = 10_000

/** A second channel to the same person is closed after this, when everything under way on it has landed. */
export const SURPLUS_CHANNEL_MS = 5000

/** Incoming messages of one person that are being stored at once, before their next frame is opened. */
export const MAX_ARRIVING_MESSAGES = 256

/** Messages to one person that may wait for them. */
export const MAX_OUTBOX_MESSAGES = 10_000

/** Channel numbers of the other side that are remembered; enough for any that pass each other, 64 small integers. */
export const REMEMBERED_CHANNEL_NUMBERS = 64

/** No pair of people gets this far; a contact that claims more is not believed. */
export const MAX_CHANNEL_NUMBER = 2 ** 48

/** What somebody whose state went back is offered again: at most this many messages, none older than this. */
export const MAX_OFFERED_MESSAGES = 1000
export const MAX_OFFERED_AGE_MS = 14 * 24 * 60 * 60 * 1000 - 60 * 60 * 1000

/** Namesakes of one contact that are told of; a room full of strangers must not flood a conversation. */
export const MAX_TOLD_NAMESAKES = 8
