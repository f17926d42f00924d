/** What a node keeps of the directory for others. docs/specs/directory.md §7 */

/** Profiles, of up to 4 KiB each: at most 64 MiB. */
export const MAX_RECORDS = 16_384

/** Profiles that one peer brought. Its own lies here twice; the rest are others', which it saw lacking. */
export const MAX_RECORDS_OF_PEER = 256

/** Entries of names, of some 100 bytes each. */
export const MAX_NAME_ENTRIES = 32_768

/** Names that one peer goes by: one, and those it went by in the last two days. */
export const MAX_NAMES_OF_PEER = 16

/** Peers that go by one name. */
export const MAX_PEERS_OF_NAME = 64

/** An entry that was not refreshed for this long, twice the interval of republication, gives way to a newcomer. */
export const STALE_NAME_MS = 2 * 60 * 60 * 1000

/** As kad-dht keeps provider records, and as long as a profile lives. */
export const NAME_LIFETIME_MS = 48 * 60 * 60 * 1000

/** What one peer may ask of us in a minute: to keep something, and anything else. */
export const MAX_WRITES_A_MINUTE = 60
export const MAX_READS_A_MINUTE = 3000
export const RATE_WINDOW_MS = 60_000

/** Bytes of a record beyond the profile: its key and the time. */
export const RECORD_OVERHEAD_BYTES = 256

/** How often what has expired is thrown away. */
export const SWEEP_INTERVAL_MS = 10 * 60 * 1000

/**
 * A record that nobody brought for this long is somebody's who is away, and is handed on: longer than the interval of
 * publication and the 10 minutes in which all nodes look, so that of somebody who is there nothing is ever handed on.
 */
export const HAND_ON_AFTER_MS = 75 * 60 * 1000

/** One record after the other: half of the writes that a node takes from one peer. */
export const HAND_ON_PACE_MS = 2000
