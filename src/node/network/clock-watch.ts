import { CLOCK_JUMP_MS, CLOCK_POLL_MS } from './constants.ts'

export interface Clocks {
  /** Milliseconds since 1970, which goes on while the machine sleeps. */
  readonly wall: () => number
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number
}

const SYSTEM: Clocks = { wall: () => Date.now(), monotonic: () => performance.now() }

/**
 * Notices that the machine slept: the wall clock ran ahead of the monotonic one, which stands still in sleep, or, where
 * that runs on, a timer came far too late. Returns how to stop.
 */
export function watchClock(onSlept: () => void, clocks: Clocks = SYSTEM): () => void {
  let wall = clocks.wall()
  let monotonic = clocks.monotonic()
  const timer = setInterval(() => {
    const wallMs = clocks.wall() - wall
    const monotonicMs = clocks.monotonic() - monotonic
    wall += wallMs
    monotonic += monotonicMs
    const jumped = wallMs - monotonicMs > CLOCK_JUMP_MS
    const wasLate = monotonicMs - CLOCK_POLL_MS > CLOCK_JUMP_MS
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
