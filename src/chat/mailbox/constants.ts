/** docs/specs/mailbox.md */

export const MAILBOX_PROTOCOL = '/sotto/mailbox/1.0.0'

export const DAY_MS = 24 * 60 * 60 * 1000

/** How many mailboxes a letter is laid into. */
export const REPLICAS = 3

/** How many of the nearest mailboxes the owner looks through: letters stay near while nodes come and go. */
export const COLLECT_BREADTH = 8

/** How long a letter lies at most, and how far ahead of ours a depositor's clock may be. */
export const MAX_LETTER_TTL_MS = 14 * DAY_MS
export const MAX_DEPOSITOR_LEAD_MS = 60 * 60 * 1000

/** Sizes that a letter may have, exactly. All that a letter's length tells is which of these it needed. */
export const LETTER_BUCKETS = [8, 32, 128, 512].map((kibibytes) => kibibytes * 1024)
export const MAX_LETTER_BYTES = 512 * 1024

/** A request is a letter and less than this around it, or a list of ids. */
export const MAX_REQUEST_BYTES = MAX_LETTER_BYTES + 512
/** What one answer may carry: one letter of the largest size, or many small ones. */
export const MAX_RESPONSE_BYTES = MAX_LETTER_BYTES + 64 * 1024

/** Ids in one list, one fetch, one removal: 32 KiB of them. */
export const MAX_IDS = 1000

/** Boxes that one stream may open: both kinds for each of the days that letters last, and as many again. */
export const MAX_BOXES_PER_STREAM = 64

/** A mailbox that does not answer for this long is passed over. */
export const REQUEST_TIMEOUT_MS = 10_000
/** A visit stays open for this long after the last thing that was asked: letters come in groups. */
export const VISIT_IDLE_MS = 5000
/** A stream that asks nothing for this long is ended. */
export const IDLE_TIMEOUT_MS = 30_000

/** Streams that a mailbox serves at once; each holds one request and one answer. Together about 70 MiB at the worst. */
export const MAX_STREAMS = 64
export const MAX_STREAMS_PER_CONNECTION = 2

/** Requests that one depositor may make in RATE_WINDOW_MS. A thousand letters to collect take about 40. */
export const MAX_REQUESTS_PER_WINDOW = 1200
export const RATE_WINDOW_MS = 60_000

/** What one address may hold: a fortnight of a busy person, and no more of anybody's disk. */
export const MAX_BOX_LETTERS = 2000
export const MAX_BOX_BYTES = 32 * 1024 * 1024
/** What letters of one depositor may take, an eighth of everything: nobody alone fills a mailbox. */
export const MAX_DEPOSITOR_BYTES = 32 * 1024 * 1024
export const MAX_STORE_BYTES = 256 * 1024 * 1024

/** Zero bits that a stamp needs in an empty mailbox: 2^16 hashes, a tenth of a second, on a phone a few. */
export const STAMP_BITS = 16
/** A mailbox asks for one bit more each time that what is left of it halves; never for more than this. */
export const MAX_STAMP_BITS = 22

/** Letters are handed on to those who are nearest by now: how often that is looked at, which by itself asks nobody. */
export const REPAIR_INTERVAL_MS = 2 * 60_000
/** And this long after somebody who keeps the same letters is gone: time for others to go with them. */
export const REPAIR_SOON_MS = 2000
/** Who holds what we hold is asked again after this, though nothing seems to have changed: disks fail, and some lie. */
export const RECHECK_INTERVAL_MS = 30 * 60_000
/** Whoever did not answer is left out for this long. */
export const UNREACHABLE_MS = 5 * 60_000
/** Addresses of which one round looks up in the DHT who is nearest, each again after RECHECK_INTERVAL_MS. */
export const REPAIR_LOOKUPS = 16
/** Letters that one round hands to one node: what comes is written to disk there, and more rounds follow. */
export const REPAIR_LETTERS = 200
/** When a mailbox stops: how long it may take to hand over what it holds. */
export const HAND_OVER_MS = 5000

/** What is not a letter any more is swept out this often. */
export const EXPIRY_INTERVAL_MS = 60 * 60 * 1000

export const LOOKUP_TIMEOUT_MS = 10_000
