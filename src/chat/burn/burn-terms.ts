import { MalformedMessageError } from '../message/errors.ts'
import { InvalidBurnError } from './errors.ts'
import type { Burn } from '../api.ts'

export const DEFAULT_BURN_TTL_SECONDS = 300
export const DEFAULT_BURN_READS = 1
export const MAX_BURN_TTL_SECONDS = 7 * 24 * 60 * 60
export const MAX_BURN_READS = 100

/** What a user asks of a message that burns. */
export interface BurnTerms {
  /** Default 300; at least 1, at most a week. */
  readonly ttlSeconds?: number
  /** Default 1; at most 100. */
  readonly reads?: number
}

/** @throws InvalidBurnError */
export function burnOf(terms: BurnTerms): Burn {
  const { ttlSeconds = DEFAULT_BURN_TTL_SECONDS, reads = DEFAULT_BURN_READS } = terms
  if (!isWithin(ttlSeconds, MAX_BURN_TTL_SECONDS)) {
    throw new InvalidBurnError('a message that burns stays between a second and a week')
  }
  if (!isWithin(reads, MAX_BURN_READS)) {
    throw new InvalidBurnError('a message that burns can be read between once and a hundred times')
  }
  return { ttlSeconds, reads, readsLeft: reads }
}

/** What travels of it. */
export function burnFields({ ttlSeconds, reads }: Burn): { ttl: number; reads: number } {
  return { ttl: ttlSeconds, reads }
}

/** @throws MalformedMessageError for what another program would not have sent */
export function readBurn(value: unknown): Burn {
  const { ttl, reads } = (value ?? {}) as Record<string, unknown>
  if (typeof ttl !== 'number' || typeof reads !== 'number') {
    throw new MalformedMessageError('a message that burns, and does not say when')
  }
  try {
    return burnOf({ ttlSeconds: ttl, reads })
  } catch (err) {
    throw new MalformedMessageError('a message that burns out of bounds', { cause: err })
  }
}

function isWithin(value: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= most
}
