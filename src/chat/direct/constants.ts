/** docs/specs/chat.md §2 */

export const CHAT_PROTOCOL = '/sotto/chat/1.0.0'

/** From opening the stream to the established session. Generous for a relayed path on a slow phone. */
export const HANDSHAKE_TIMEOUT_MS = 15_000

/** Handshakes of strangers under way at once: each costs us about a millisecond of curve arithmetic and 8 KiB. */
export const MAX_PENDING_HANDSHAKES = 64

/** As many places are left for peers we know. */
export const MAX_PENDING_STRANGERS = 32

/** Of those, how many one peer may have: it needs one, and more when it tries several paths at once. */
export const MAX_PENDING_PER_PEER = 3

/** Chat streams one connection may hold open towards us; one is enough, two pass each other during a move. */
export const MAX_STREAMS_PER_CONNECTION = 4

/** A heartbeat goes out when nothing else did for this long, give or take HEARTBEAT_JITTER. */
export const HEARTBEAT_INTERVAL_MS = 20_000

/** Share of the interval by which each heartbeat is shifted at random, so that timing names nobody. */
export const HEARTBEAT_JITTER = 0.3

/** A peer from which nothing came for this long is gone. Three lost heartbeats. */
export const DEAD_PEER_MS = 65_000

/** Something was sent and nothing came back for this long: ask. One frame each way, once a burst of messages. */
export const PROBE_AFTER_MS = 1000

/** Nor for this long: another way is looked for, and taken, while this one may still come back. */
export const SILENT_PATH_MS = 1500

/** The same where there is a doubt already: the machine slept, or has other addresses. More on slow lines. */
export const DOUBTED_PATH_MS = 500

/**
 * A look at the clock that comes this much too late shows that we are behind with our work: what was answered waits to be
 * read. So many times as long is the other side waited for on top, half as long after each look that was in time.
 */
export const BEHIND_MS = 50
export const BEHIND_FACTOR = 5

/**
 * Nor for this long: the path is dead. Over two legs that lose every fifth packet TCP stalls for six seconds at times; a
 * path that is given up wrongly costs a new handshake over the same bad line. Nobody waits so long for another path.
 */
export const ANSWER_DEADLINE_MS = 10_000

/** The same for a heartbeat that nobody waits for: a busy machine at the other end is no dead path, and a new one costs it more. */
export const IDLE_DEADLINE_MS = 30_000

/** Bytes a millisecond that the thinnest line carries; what is under way prolongs the deadline by it. 128 kbit/s */
export const ANSWER_RATE = 16

/** A timer this late means that the machine, or the process, stood still: silence in that time proves nothing. */
export const LATE_TIMER_MS = 1000

/** Addresses taken from one traversal frame; a peer has a handful. */
export const MAX_TRAVERSAL_ADDRESSES = 16
