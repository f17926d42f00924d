/** From text to value. Each throws a UsageError that names the flag or variable it came from. */
import { multiaddr } from '@multiformats/multiaddr'
import { UsageError } from './errors.ts'
import { readPageOrigin } from './page-origin.ts'
import type { Given } from './options.ts'

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export function readText(given: Given | undefined): string | undefined {
  return given?.values.at(-1)
}

export function readPort(given: Given | undefined, fallback: number): number {
  return readNumber(given, fallback, 0, 65535)
}

/** A whole number from `least` to `most`. */
export function readNumber(
  given: Given | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  const text = readText(given)
  if (given === undefined || text === undefined) return fallback
  const number = /^\d{1,5}$/u.test(text) ? Number(text) : NaN
  if (!(number >= least && number <= most)) {
    const range = `${String(least)} to ${String(most)}`
    throw new UsageError(`${given.from} must be a number from ${range}, not '${text}'`)
  }
  return number
}

export function readLogLevel(given: Given | undefined, fallback: LogLevel): LogLevel {
  const text = readText(given)
  if (given === undefined || text === undefined) return fallback
  const level = LOG_LEVELS.find((name) => name === text.toUpperCase())
  if (level === undefined) {
    throw new UsageError(`${given.from} must be one of ${LOG_LEVELS.join(', ')}, not '${text}'`)
  }
  return level
}

/** @throws UsageError */
export function readStrangers(given: Given | undefined): 'request' | 'accept' {
  const text = readText(given)
  if (given === undefined || text === undefined || text === 'request') return 'request'
  if (text === 'accept') return text
  throw new UsageError(`${given.from} must be request or accept, not '${text}'`)
}

export function readMultiaddrs(given: Given | undefined): string[] {
  if (given === undefined) return []
  for (const value of given.values) {
    try {
      multiaddr(value)
    } catch {
      throw new UsageError(`${given.from} must be a multiaddr, not '${value}'`)
    }
  }
  return [...given.values]
}

/** Addresses of peers, each of which says whom to expect there, and nodes' pages. */
export function readBootstrap(
  given: Given | undefined,
): Record<'bootstrap' | 'bootstrapPages', string[]> {
  if (given === undefined) return { bootstrap: [], bootstrapPages: [] }
  const isPage = (value: string): boolean => value.includes('://')
  const bootstrap = given.values.filter((value) => !isPage(value))
  return {
    bootstrap: readPeerMultiaddrs({ from: given.from, values: bootstrap }),
    bootstrapPages: given.values.filter(isPage).map((value) => readPageOrigin(given.from, value)),
  }
}

function readPeerMultiaddrs(given: Given): string[] {
  const addresses = readMultiaddrs(given)
  const anonymous = addresses.find((address) => !/\/p2p\/[^/]+$/u.test(address))
  if (anonymous !== undefined) {
    throw new UsageError(`${given.from} must end in /p2p/PEERID, not '${anonymous}'`)
  }
  return addresses
}
