/** docs/specs/chat.md §2 */

export const CHAT_PROTOCOL = '/sotto/chat/1.0.0'

/** From opening the stream to the established session. Generous for a relayed path on a slow phone. */
export const HANDSHAKE_TIMEOUT_MS = 15_000

/** Handshakes of strangers under way at once: each costs us about a millisecond of curve arithmetic and 8 KiB. */
export const MAX_PENDING_HANDSHAKES = 64

/** Of those, how many one peer may have: it needs one, and two when it moves to another connection. */
export const MAX_PENDING_PER_PEER = 2

/** Chat streams one connection may hold open towards us; one is enough, two pass each other during a move. */
export const MAX_STREAMS_PER_CONNECTION = 4

/** A heartbeat goes out when nothing else did for this long, give or take HEARTBEAT_JITTER. */
export const HEARTBEAT_INTERVAL_MS = 20_000

/** Share of the interval by which each heartbeat is shifted at random, so that timing names nobody. */
export const HEARTBEAT_JITTER = 0.3

/** A peer from which nothing came for this long is gone. Three lost heartbeats. */
export const DEAD_PEER_MS = 65_000

/** Addresses taken from one traversal frame; a peer has a handful. */
export const MAX_TRAVERSAL_ADDRESSES = 16
