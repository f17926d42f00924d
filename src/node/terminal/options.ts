import type { Readable, Writable } from 'node:stream'

export interface TerminalOptions {
  readonly input: Readable
  readonly output: Writable
  /** True for a person at a terminal, false for a program at a pipe. */
  readonly interactive: boolean
  /** Whether escape sequences for colours may be written; `colourAllowed` answers for a stream. */
  readonly colour: boolean
  /** Ends the client as if the user had left. */
  readonly signal: AbortSignal
  /** Whom to open at the start: what one would type behind `/open`. */
  readonly open?: string
  /** Where the log goes, for `/status` to say. */
  readonly logFile?: string
  /** At a pipe: how long to wait after the last line for messages to be delivered, ms. Default 10,000. */
  readonly drainTimeoutMs?: number
}
