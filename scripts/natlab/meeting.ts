/** How two people find each other, and what can be seen of the path between them. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Path } from './path.ts'
import { personName } from './world.ts'
import type { Exchange } from './exchange.ts'
import type { Person } from './people/person.ts'
import type { Side } from './plan.ts'

export type Pair = Readonly<Record<Side, Person>>

/** A path may take seconds to be found; while one is owed we wait the longer. */
export const UPGRADE_MS = { owed: 25_000, possible: 10_000 } as const

/** How long a path that is owed is waited for: where every fifth packet is lost an attempt may fail, and another follows. */
export function owedMs(loss: number): number {
  return UPGRADE_MS.owed + loss * 2000
}
/** Two who dial each other at once may settle on one of two paths for a moment. */
const STEADY_MS = 1500
const POLL_MS = 100

/** Resolves with the time to the first message, the look-up included. */
export async function meet(
  exchange: Exchange,
  { from, to }: Pair,
  timeoutMs: number,
): Promise<number> {
  const startMs = performance.now()
  await from.open(to.name, timeoutMs)
  const openMs = performance.now() - startMs
  await exchange.say('from')
  const firstMs = await exchange.first(timeoutMs)
  await to.open(personName('from'), timeoutMs)
  return Math.round(openMs + firstMs)
}

/** Resolves when the path is good enough and has been the same for a while, or `timeoutMs` is over. */
export async function settleOn(
  isEnough: (path: Path) => boolean,
  people: Pair,
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  let last: Path | undefined
  let sinceMs = performance.now()
  while (performance.now() < deadline) {
    const path = await pathBetween(people)
    if (path !== last) sinceMs = performance.now()
    last = path
    if (path !== undefined && isEnough(path) && performance.now() - sinceMs >= STEADY_MS) return
    await delay(POLL_MS)
  }
}

/** Whoever knows an address knows more: the page tells none. */
export async function pathBetween({ from, to }: Pair): Promise<Path | undefined> {
  const paths = await Promise.all([from.path(), to.path()])
  const told = from.tellsAddresses || !to.tellsAddresses ? paths : paths.reverse()
  return told.find((path) => path !== undefined)
}
