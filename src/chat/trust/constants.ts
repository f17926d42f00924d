/** docs/specs/identity.md §4.2 */

/** How long our word for somebody holds. A withdrawal may not arrive, so it runs out while we may still remember it. */
export const VOUCH_LIFETIME_MS = 180 * 24 * 60 * 60 * 1000

/** A vouch that claims to hold longer than this is not believed at all. */
export const MAX_VOUCH_LIFETIME_MS = 400 * 24 * 60 * 60 * 1000

/** What one contact can make us keep: some 20 KiB. Nobody compares numbers with more people than that. */
export const MAX_VOUCHES_PER_VOUCHER = 64

/** Of everybody together; 64 contacts that fill their share, or 1 MiB. */
export const MAX_VOUCHES = 4096
