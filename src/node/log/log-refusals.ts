import type { Logger } from './create-logger.ts'
import type { Chat, Refusal } from '../../chat/api.ts'

/** A stranger decides how often a refusal happens, so they must not decide how fast the log grows. */
const INTERVAL_MS = 10_000

interface Tally {
  loggedAt: number
  since: number
  total: number
}

/**
 * Logs what the chat refused: for each error the first at once, then at most one line in ten seconds, with the
 * count since the line before. Returns what ends it; what was counted and not logged yet is logged then.
 */
export function logRefusals(
  chat: Pick<Chat, 'addEventListener' | 'removeEventListener'>,
  log: Pick<Logger, 'warn'>,
  now: () => number = () => performance.now(),
): () => void {
  const tallies = new Map<string, Tally>()

  const write = (error: string, tally: Tally, peerId?: string): void => {
    log.warn(
      { error, count: tally.since, total: tally.total, ...(peerId && { peerId }) },
      'refused',
    )
    tally.loggedAt = now()
    tally.since = 0
  }
  const onRefusal = ({ detail }: CustomEvent<Refusal>): void => {
    const tally = tallies.get(detail.error) ?? { loggedAt: -Infinity, since: 0, total: 0 }
    tallies.set(detail.error, tally)
    tally.since += 1
    tally.total += 1
    if (now() - tally.loggedAt >= INTERVAL_MS) write(detail.error, tally, detail.peerId)
  }

  chat.addEventListener('refusal', onRefusal)
  return () => {
    chat.removeEventListener('refusal', onRefusal)
    for (const [error, tally] of tallies) if (tally.since > 0) write(error, tally)
  }
}
