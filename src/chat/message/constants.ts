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
