/** docs/specs/contact-link.md */

export const LINK_VERSION = 1

/** As it is written; `web+sotto:` is read too, the only one that a browser lets a page handle. */
export const LINK_SCHEME = 'sotto:'

/**
 * Bytes of a link at most. In upper-case base32, which QR packs into 5.5 bits a character, that is version 14 with level
 * M: 73 modules, which a phone reads off a screen, and with its margin 77 columns of a terminal of 80.
 */
export const MAX_LINK_BYTES = 300

/** What is pasted may have been wrapped and quoted; anything longer than this is not looked at. */
export const MAX_PASTED_CHARACTERS = 4096

/** Addresses of theirs; whoever opens the link dials them all. */
export const MAX_LINK_ADDRESSES = 4
/** Relays at which they hold a reservation. */
export const MAX_LINK_RELAYS = 2
/** Nodes to join the network through. */
export const MAX_LINK_ENTRANCES = 2

export const CHECKSUM_BYTES = 4
export const PREKEY_TAG_BYTES = 16

export const Field = {
  peerKey: 1,
  prekeys: 2,
  address: 3,
  relay: 4,
  entrance: 5,
  name: 6,
} as const

/** People we turned to and never met; of more the oldest is let go. */
export const MAX_LEADS = 500
