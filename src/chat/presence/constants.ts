/** docs/specs/presence.md */

/** Nobody touched the program for this long: away. Long enough to read a long letter. */
export const AWAY_AFTER_MS = 5 * 60_000

/** How exactly contacts are told for how long nobody was there: to the minute says when, and not what. */
export const IDLE_STEP_S = 60

/** An idle time beyond this is a mistake: nobody is told of somebody who was away for a year. */
export const MAX_IDLE_S = 366 * 24 * 60 * 60

/** Changes of one contact's presence that are looked at within a window; each may be written to disk. */
export const MAX_PRESENCE_CHANGES = 20
export const PRESENCE_WINDOW_MS = 60_000

/** In code points. */
export const MAX_STATUS_LENGTH = 140

/** Of code points that need 4 bytes. */
export const MAX_STATUS_BYTES = 560

/** A face at 256 pixels takes 6 to 14 KiB as WebP or JPEG; as a content, 25 frames. */
export const MAX_PICTURE_BYTES = 16_384

/** Each side: a decoded picture is at most 1 MiB. */
export const MAX_PICTURE_PIXELS = 512

/** How often one contact is sent our picture within a window: 25 frames each, and they keep it. */
export const MAX_PICTURES_SENT = 4
export const PICTURES_WINDOW_MS = 10 * 60_000

/** Contacts are called when we come: after the first connections are up, before somebody waits. */
export const FIRST_CALLS_MS = 1000

/** Nobody is called before the network is there, which is not waited for any longer than this. */
export const NETWORK_WAIT_MS = 15_000

/** Pauses between calls of somebody who does not answer, doubling. Who comes later calls us. */
export const CALL_PAUSE_FIRST_MS = 2 * 60_000
export const CALL_PAUSE_LAST_MS = 60 * 60_000

/** Calls at once: each may dial a dozen addresses. */
export const MAX_CALLS_AT_ONCE = 4

/** Contacts that are called by themselves: those that were talked to last. */
export const MAX_CALLED_CONTACTS = 128
