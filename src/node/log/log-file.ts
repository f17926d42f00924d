import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import type { LogTarget } from './create-logger.ts'

/** At the next start a log this long becomes `….1`, and the one before that goes: two of them at most. */
const ROTATE_BYTES = 5 * 1024 * 1024

export interface LogFile extends LogTarget {
  close(): void
}

/** Opens a log for appending (0600). Lines are written at once: a log is read after something went wrong. */
export function openLogFile(path: string): LogFile {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat !== undefined && stat.size >= ROTATE_BYTES) renameSync(path, `${path}.1`)
  const file = openSync(path, 'a', 0o600)
  let open = true
  return {
    write: (line) => {
      // Something may finish after the end, or the disk be full: neither is worth a crash.
      if (open) ignoreFailure(() => writeSync(file, line))
    },
    close: () => {
      if (open) closeSync(file)
      open = false
    },
  }
}

function ignoreFailure(write: () => void): void {
  try {
    write()
  } catch {
    // There is no other place to tell it.
  }
}
