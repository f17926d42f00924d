import { DEAD_PEER_MS, HEARTBEAT_INTERVAL_MS, HEARTBEAT_JITTER } from './constants.ts'
import { DeadPeerError } from './errors.ts'
import type { Channel } from './channel.ts'

/**
 * Sends a heartbeat when the channel has been quiet, and ends it when the other side has been. Returns how to stop.
 * `random` gives numbers in [0, 1).
 */
export function keepAlive(channel: Channel, now: () => number, random: () => number): () => void {
  let timer: ReturnType<typeof setTimeout>
  const schedule = (): void => {
    const jitter = 1 + HEARTBEAT_JITTER * (2 * random() - 1)
    timer = setTimeout(beat, HEARTBEAT_INTERVAL_MS * jitter)
  }
  const beat = (): void => {
    if (now() - channel.lastReceivedAt > DEAD_PEER_MS) {
      channel.abort(new DeadPeerError('nothing came from the other side for too long'))
      return
    }
    Promise.resolve(channel.session.prune()).catch(() => undefined)
    if (now() - channel.lastSentAt >= HEARTBEAT_INTERVAL_MS / 2) channel.heartbeat()
    schedule()
  }
  schedule()
  const stop = (): void => {
    clearTimeout(timer)
  }
  void channel.closed.then(stop)
  return stop
}
