/** What a message that burns can be given in the page: seconds, and number of readings. */
export const BURN_SECONDS = [30, 60, 300, 3600, 86_400, 604_800] as const
export const BURN_READS = [1, 2, 3, 5, 10] as const

export interface BurnChoice {
  readonly ttlSeconds: number
  readonly reads: number
}

export const DEFAULT_BURN: BurnChoice = { ttlSeconds: 300, reads: 1 }
