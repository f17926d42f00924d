import { createInterface } from 'node:readline'
import { Names } from './names.ts'
import { PipeView } from './pipe-view.ts'
import { Session } from './session.ts'
import { Watcher } from './watcher.ts'
import type { Chat } from '../../chat/api.ts'
import type { Command } from './commands/command.ts'
import type { TerminalOptions } from './options.ts'

/** Long enough for a first connection through a relay, short enough for a script whose peer is not there. */
const DRAIN_TIMEOUT_MS = 10_000

/**
 * A program at a pipe. Resolves with 0 when every line did what it asked and every message was delivered, with 1
 * otherwise.
 */
export async function runPipe(
  chat: Chat,
  commands: readonly Command[],
  options: TerminalOptions,
): Promise<number> {
  const { input, output, signal: caller } = options
  const names = new Names(chat)
  const view = new PipeView((line) => {
    output.write(line)
  }, names)
  const session = new Session({ chat, view, names, commands, logFile: options.logFile })
  const watcher = new Watcher(session, () => undefined)

  // A reader that went away (`sotto | head -1`) is the end of the run, not a crash: so this listener stays.
  const gone = new AbortController()
  output.on('error', () => {
    gone.abort()
  })
  const signal = AbortSignal.any([caller, gone.signal])

  view.welcome(chat.self)
  watcher.start()
  try {
    if (options.open !== undefined) await session.handle(`/open ${options.open}`, signal)
    const lines = createInterface({ input, terminal: false, crlfDelay: Infinity, signal })
    for await (const line of lines) {
      chat.setAttention(true)
      await session.handle(line, signal)
      if (session.isOver || signal.aborted) break
    }
    const drain = AbortSignal.timeout(options.drainTimeoutMs ?? DRAIN_TIMEOUT_MS)
    await session.transcript.settled(AbortSignal.any([signal, drain]))
  } finally {
    watcher.stop()
  }
  const { delivered, failed, waiting } = session.transcript.deliveries()
  view.end(delivered, failed + waiting)
  return session.failures === 0 && failed + waiting === 0 && !gone.signal.aborted ? 0 : 1
}
