/** docs/specs/chat.md §6.2 */

/** Requests that wait for the user's answer. More are not taken until some are answered: see `RequestBook`. */
export const MAX_REQUESTS = 50

/** What one stranger may have us keep: enough to say who they are and what they want. */
export const MAX_REQUEST_MESSAGES = 5
export const MAX_REQUEST_BYTES = 4096

/** New requests in a window, of everybody together: a hundred keys at once are no hundred people. */
export const MAX_NEW_REQUESTS = 20
export const NEW_REQUESTS_WINDOW_MS = 60_000

/** For how long nothing is taken of somebody whose request was declined. */
export const DECLINED_MS = 7 * 24 * 60 * 60 * 1000

/** Declined strangers that are remembered; the oldest is forgotten first, and may ask again. */
export const MAX_DECLINED = 1000

/** Channels of strangers that are up at once; the one that was silent for longest makes place for a new one. */
export const MAX_STRANGER_CHANNELS = 32

/** Of one stranger: one, and one more while it moves to another path. */
export const MAX_CHANNELS_PER_STRANGER = 2

/** A stranger that has asked for nothing by then is let go. */
export const STRANGER_IDLE_MS = 30_000

/**
 * Frames of strangers that are opened a second: of one, and of all together. Opening a frame and checking what is in it
 * costs up to half a millisecond, so all strangers together get a twentieth of a processor; a first message takes one
 * frame, or five.
 */
export const STRANGER_FRAMES_PER_SECOND = 20
export const ALL_STRANGERS_FRAMES_PER_SECOND = 100

/**
 * A timer this late says that others wait too, ours or the machine's; strangers then wait so many times as long, and at
 * most this long: a machine that slept is not busy.
 */
export const BUSY_AFTER_MS = 5
export const BUSY_FACTOR = 10
export const MAX_BUSY_PAUSE_MS = 5000

/** Handshakes of one peer who is no contact, in a window. */
export const MAX_STRANGER_HANDSHAKES_PER_PEER = 10
export const STRANGER_HANDSHAKES_WINDOW_MS = 60_000

/**
 * Of all of them together, 3 ms each: no more at once than have channels, and 300 a minute. A minute's worth in one go would
 * be a second in which contacts wait.
 */
export const MAX_STRANGER_HANDSHAKES = 30
export const ALL_STRANGER_HANDSHAKES_WINDOW_MS = 6000
