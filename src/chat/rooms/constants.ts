/** docs/specs/chat.md §9 */

export const ROOM_TOPIC_PREFIX = '/sotto/room/1.0.0/'

/** Everybody is in it from the start. */
export const LOBBY = 'lobby'

/** A text in a room; a room is not the place for more. */
export const MAX_ROOM_TEXT_BYTES = 4096

/** The whole envelope: certificate, signature, and JSON, in which every byte of the text may be escaped as \u00XX. */
export const MAX_ROOM_ENVELOPE_BYTES = MAX_ROOM_TEXT_BYTES * 6 + 2048

/** Messages kept of a room, in memory; rooms have no history yet. */
export const MAX_ROOM_HISTORY = 500

/** A room message from further away than this, in time, is not taken: clocks differ, replays are old. */
export const ROOM_MESSAGE_WINDOW_MS = 10 * 60 * 1000

/** Who is in a room says so this often, and is forgotten after three times that. */
export const PRESENCE_INTERVAL_MS = 30_000
export const PRESENCE_LIFETIME_MS = 100_000

/**
 * A newcomer is answered within this time, at random, so that a room does not answer at once; in a full one within this for
 * each member, so that all together answer no more than some twenty times a second, however many come: each answer goes to
 * everybody, who verifies it. What is later than everybody's next "I am here" is left to that.
 */
export const PRESENCE_REPLY_SPREAD_MS = 500
export const PRESENCE_REPLY_SPREAD_PER_MEMBER_MS = 100

/** Members of one room that we keep track of. */
export const MAX_ROOM_MEMBERS = 1000

/** Rooms named in the lobby that we keep track of, and rooms one person may name. */
export const MAX_KNOWN_ROOMS = 256
export const MAX_ANNOUNCED_ROOMS = 16

/** Messages one author may send to one room within RATE_WINDOW_MS; the rest is ignored, not forwarded. */
export const RATE_LIMIT_MESSAGES = 40
export const RATE_WINDOW_MS = 10_000

/** Ids remembered in a generation to refuse replays, about 4 MiB; with more traffic the time remembered is shorter. */
export const MAX_SEEN_IDS = 20_000

/** Rooms a node carries for connected peers without being in them. */
export const MAX_CARRIED_ROOMS = 256
