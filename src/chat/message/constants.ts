/** docs/specs/chat.md §5 */

/** A text may be this long in UTF-8; longer things are files. */
export const MAX_TEXT_BYTES = 65_536

/** JSON around the longest text: every byte may be escaped as \u00XX at worst. */
export const MAX_CONTENT_BYTES = MAX_TEXT_BYTES * 6 + 1024

/** A message older than this by its sender's clock (corrected by the skew told in the handshake) is refused. */
export const MAX_MESSAGE_AGE_MS = 14 * 24 * 60 * 60 * 1000

/** A corrected timestamp may lie this far ahead: what a clock drifts between handshake and message, generously. */
export const MAX_MESSAGE_LEAD_MS = 10 * 60 * 1000

/** Ids remembered per conversation to refuse replays, beyond those the stored history answers for. */
export const REPLAY_CACHE_IDS = 4096

/** How often a message may be edited: its record keeps each version. */
export const MAX_EDITS = 10

/** How long after writing an author may edit, both times by the author's own clock. */
export const EDIT_WINDOW_MS = 24 * 60 * 60 * 1000

/** The longest emoji sequences, families with skin tones, have 41 bytes. */
export const MAX_REACTION_BYTES = 64

/** Nobody changes one thing so often. */
export const MAX_VERSION = 2 ** 48

/** Ids in one read receipt: about 18 KB of JSON. A longer list becomes several. */
export const MAX_READ_TARGETS = 512

/** Shorter than a glance is a mistake; longer than 4 weeks nobody remembers having agreed to. */
export const MIN_DISAPPEARING_SECONDS = 5
export const MAX_DISAPPEARING_SECONDS = 28 * 24 * 60 * 60
