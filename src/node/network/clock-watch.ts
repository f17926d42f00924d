import { CLOCK_JUMP_MS, CLOCK_POLL_MS } from './constants.ts'

export interface Clocks {
  /** Milliseconds since 1970, which goes on while the machine sleeps. */
  readonly wall: () => number
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number
  /** Milliseconds that the program has had nothing to do: a sleep is among them, work is not. Where it can be told. */
  readonly idle?: () => number
}

export const SYSTEM: Clocks = { wall: () => Date.now(), monotonic: () => performance.now() }

/**
 * Notices that the machine slept: the wall clock ran ahead of the monotonic one, which stands still in sleep, or, where
 * that runs on, a timer came far too late. A timer is late as well where a program is kept busy, or its machine is: then
 * connections are as good as before, and to doubt them all would end them. Returns how to stop.
 */
export function watchClock(onSlept: () => void, clocks: Clocks = SYSTEM): () => void {
  let wall = clocks.wall()
  let monotonic = clocks.monotonic()
  let idle = clocks.idle?.() ?? 0
  const timer = setInterval(() => {
    const wallMs = clocks.wall() - wall
    const monotonicMs = clocks.monotonic() - monotonic
    const idleMs = clocks.idle === undefined ? monotonicMs : clocks.idle() - idle
    wall += wallMs
    monotonic += monotonicMs
    idle += idleMs
    const jumped = wallMs - monotonicMs > CLOCK_JUMP_MS
    const wasLate = Math.min(monotonicMs, idleMs) - CLOCK_POLL_MS > CLOCK_JUMP_MS
    if (jumped || wasLate) onSlept()
  }, CLOCK_POLL_MS)
  unref(timer)
  return () => {
    clearInterval(timer)
  }
}

/** In Node.js a watch keeps no process alive; a browser's timers are numbers. */
export function unref(timer: { unref?: () => unknown } | number): void {
  if (typeof timer === 'object') timer.unref?.()
}
