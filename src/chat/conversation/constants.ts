/** Reconnection while something waits to be sent: doubling from the first to the last, each shortened at random by up to half. */
export const RECONNECT_FIRST_MS = 1000
export const RECONNECT_LAST_MS = 60_000

/**
 * Who asks for a connection joins an attempt that began less than this ago, and has it begun anew when it fails; an older
 * one is begun anew at once.
 */
export const JOIN_WITHIN_MS = 100

/** A channel that worked no longer than this was no success: the pauses go on growing, or two peers would chase each other. */
export const STABLE_CHANNEL_MS = 10_000

/**
 * A second channel to the same person is closed after this, when what was under way on it has landed; what has not goes
 * out again on the better one, so that it may be short: two that began at once are one session a second later.
 */
export const SURPLUS_CHANNEL_MS = 1000

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

/** As many messages as one person may write in one conversation. */
export const MAX_MESSAGE_NUMBER = 2 ** 48

/** Messages of the other side that are waited for, though later ones have come; the oldest are let go. 16 bytes each. */
export const MAX_MISSING_MESSAGES = 1000

/** Runs of missing numbers in one request; the rest is asked for when these have come. */
export const MAX_NUMBER_RANGES = 64

/** A missing message may be on another channel or in a letter: this long it is waited for, then doubling up to the last. */
export const ASK_FIRST_MS = 2000
export const ASK_LAST_MS = 5 * 60_000

/** Requests of the other side are answered no more often than this: each may walk through the whole history. */
export const ANSWER_PAUSE_MS = 5000

/** Long contents of one person that may have come in part: one a channel, and two channels pass each other during a move. */
export const MAX_PARTIAL_CONTENTS = 2

/** Parts that nothing was heard of for so long are let go, and sent again when their content is announced again. */
export const PARTIAL_LIFETIME_MS = 10 * 60_000

/** A long content of somebody who is no contact yet. */
export const MAX_STRANGER_CONTENT_BYTES = 8192

/** How long a sender waits to hear which parts are wanted, before it sends them all. */
export const WANTED_TIMEOUT_MS = 10_000

/** Long contents on their way on one channel whose parts can be asked for again; the others are, on the next channel. */
export const MAX_RETAINED_CONTENTS = 8

/** Long contents of which it is remembered that parts may have arrived. */
export const MAX_ATTEMPTED_CONTENTS = 1000

/** Clocks that disagree by less than this have not been set. */
export const CLOCK_TOLERANCE_MS = 60_000

/**
 * Ids of one conversation that outlive their messages, 60 bytes each on disk; of more, those that came first go. What is
 * sent twice comes again with the next channel: that thousands came and went in between is rare, and then its number
 * still refuses it.
 */
export const MAX_GONE_IDS = 4096
