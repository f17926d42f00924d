/** docs/specs/directory.md */

/** Namespaces of the DHT keys, and so of the validators: `/sotto-profile/<fingerprint>`, `/sotto-peer/<peer id>`. */
export const PROFILE_NAMESPACE = 'sotto-profile'
export const PEER_NAMESPACE = 'sotto-peer'

/** A profile is about 2,400 bytes, most of them a prekey bundle; this is all that a stranger can make a node keep under one key. */
export const MAX_PROFILE_BYTES = 4096

/** A prekey bundle is 1,713 bytes. */
export const MAX_BUNDLE_BYTES = 2048

/** How long a published profile is worth something. */
export const PROFILE_LIFETIME_MS = 48 * 60 * 60 * 1000

/** A profile that claims to live longer than that, clocks allowed for, is refused. */
export const MAX_PROFILE_LIFETIME_MS = PROFILE_LIFETIME_MS + 60 * 60 * 1000

/** Long before it expires, and often enough for nodes that came since. The DHT republishes nothing by itself. */
export const REPUBLISH_INTERVAL_MS = 60 * 60 * 1000

/** A record that nobody took is offered again after twice this, then after twice as long, up to the interval. */
export const REPUBLISH_FIRST_RETRY_MS = 2500

/** A DHT that has just started gets this long to meet somebody before a query is given up. */
export const DHT_READY_MS = 5000
export const DHT_READY_POLL_MS = 25

/** Changes of our addresses within this time make one publication. */
export const PUBLISH_DEBOUNCE_MS = 1000

/**
 * A network that grows goes on growing for a while: one publication for all who came within this time. Each goes to sixty
 * nodes, and most of them hold the record already.
 */
export const GROWTH_DEBOUNCE_MS = 10_000

/** How many peers of one name are looked at: enough to find a friend, too few to drown in impostors' records. */
export const MAX_NAME_PROVIDERS = 20

/**
 * Nodes whose word is enough: all nearest nodes hold a record, and of so many one at least has the newest. Nobody waits
 * for the slow and the dead then.
 */
export const ENOUGH_RECORDS = 3

/** Nodes that named somebody under a name: more than for a record, as each may know of other bearers. */
export const ENOUGH_LISTS = 6

/** How often the DHT is asked, at most, as long as most of those asked do not answer. */
export const MAX_SEARCHES = 3

/** Profiles remembered as valid, of up to 4 KiB each. */
export const VERIFIED_PROFILES = 128

/** Addresses in a profile. */
export const MAX_PROFILE_ADDRESSES = 16

export const LOOKUP_TIMEOUT_MS = 20_000
