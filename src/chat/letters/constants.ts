/** docs/specs/mailbox.md §8 and §9 */

/** How long a message tries to get through directly before it goes into a letter as well. */
export const LETTER_DELAY_MS = 4000

/** What waits is looked at this long after it was told: in a lively conversation every message would have it looked at. */
export const NOTICE_DELAY_MS = 50

/** A letter that got into no mailbox, or too few, is written again after this, doubling up to the last. */
export const LETTER_FIRST_RETRY_MS = 15_000
export const LETTER_LAST_RETRY_MS = 60 * 60 * 1000

/** What nobody acknowledged is put into a new letter after this: mailboxes come and go, and some lie. */
export const LETTER_RENEWAL_MS = 24 * 60 * 60 * 1000

/** Text of several messages travels in one letter up to this; one message may be larger. */
export const MAX_CONTENT_A_LETTER_BYTES = 96 * 1024
/** And no more messages than this. */
export const MAX_MESSAGES_A_LETTER = 256

/** Letters under way at once, of all conversations. */
export const MAX_LETTERS_AT_ONCE = 3

/** How often our boxes of around today are looked into, and those of every day that a letter may be from. */
export const COLLECT_INTERVAL_MS = 5 * 60_000
export const COLLECT_ALL_INTERVAL_MS = 6 * 60 * 60 * 1000
/** After a start, or when the first peer is there again: time for the DHT to meet somebody. */
export const COLLECT_FIRST_MS = 500
/** And twice more soon after: by then the DHT knows more than the first peer did. */
export const COLLECT_EARLY_MS = 15_000
export const EARLY_COLLECTIONS = 2

/** Whoever sent a letter may come online themselves when they see us: an acknowledgement waits this long for that. */
export const ACKNOWLEDGE_DELAY_MS = 3000

export const MAX_ONE_TIME_IN_CARD = 8

/** Messages of one person that we remember to acknowledge while no mailbox takes the letter; the rest come again. */
export const MAX_UNACKNOWLEDGED = 1000

/** Whose letters come and go at one time: their certificates are verified once. */
export const MAX_CORRESPONDENTS = 64
