import { pino, stdSerializers } from 'pino'
import { formatLine } from './format-line.ts'
import type { LogLevel } from '../config/values.ts'
import type { Logger } from 'pino'

export type { Logger } from 'pino'

const PINO_LEVELS = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const

/** Where finished lines go: process.stderr, an open file, a test's array. */
export interface LogTarget {
  write(line: string): unknown
}

/**
 * A logger of readable lines. Messages and fields never hold plaintext or keys: log names, counts and peer ids.
 * The stack of an error is shown at DEBUG only.
 */
export function createLogger(level: LogLevel, target: LogTarget): Logger {
  const lines = {
    write: (json: string) => {
      target.write(formatLine(JSON.parse(json) as Record<string, unknown>))
    },
  }
  const options = {
    level: PINO_LEVELS[level],
    base: null,
    serializers: { err: level === 'DEBUG' ? stdSerializers.err : errWithoutStack },
  }
  return pino(options, lines)
}

function errWithoutStack(err: unknown): unknown {
  return err instanceof Error ? { type: err.name, message: err.message } : err
}
