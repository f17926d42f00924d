import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * One Ctrl-C arrives several times, from the terminal and again through npm and the launcher, so what follows within
 * this time is the same one.
 */
const SAME_SIGNAL_MS = 300

export interface StopSignals {
  /** Aborted by the first signal: stop cleanly. */
  readonly signal: AbortSignal
  /** Gives the signals back to the system. */
  dispose(): void
}

/** The first signal asks for a clean stop; a second one ends the process at once, with the code of that signal. */
export function listenForStop(
  target: NodeJS.EventEmitter = process,
  exit: (code: number) => void = (code) => process.exit(code),
  now: () => number = () => performance.now(),
): StopSignals {
  const controller = new AbortController()
  let firstAt: number | undefined

  const onSignal = (name: (typeof SIGNALS)[number]): void => {
    if (firstAt === undefined) {
      firstAt = now()
      controller.abort()
    } else if (now() - firstAt >= SAME_SIGNAL_MS) {
      exit(128 + constants.signals[name])
    }
  }
  for (const name of SIGNALS) target.on(name, onSignal)
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of SIGNALS) target.off(name, onSignal)
    },
  }
}
