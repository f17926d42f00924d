/** Edits, reactions, receipts and the like that may wait for one person. */
export const MAX_NOTICES = 10_000

/** Amendments of one person that came before their message and wait for it: letters reorder, but not by so many. */
export const MAX_EARLY_AMENDMENTS = 256

/** And how much of it; an edit may have 64 KiB. */
export const MAX_EARLY_BYTES = 1024 * 1024

/** After so long its message will not come any more: it would be too old to be taken. */
export const MAX_EARLY_AGE_MS = 15 * 24 * 60 * 60 * 1000

/** How often the other side is told that the user is typing, while they are. */
export const TYPING_REPEAT_MS = 3000

/** Who has not said again that they are typing is not: two repeats, so that one may be late. */
export const TYPING_EXPIRY_MS = 6000

/** How often one person's typing may change what the user sees, in a window; more is noise. */
export const MAX_TYPING_CHANGES = 10
export const TYPING_WINDOW_MS = 10_000

/** What the user began to write, in UTF-8. */
export const MAX_DRAFT_BYTES = 65_536

/** The longest that a timer runs in one go: setTimeout counts milliseconds in 31 bits. */
export const MAX_TIMER_MS = 2 ** 31 - 1
