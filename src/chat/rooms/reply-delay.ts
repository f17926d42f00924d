import {
  PRESENCE_INTERVAL_MS,
  PRESENCE_REPLY_SPREAD_MS,
  PRESENCE_REPLY_SPREAD_PER_MEMBER_MS,
} from './constants.ts'

/** After how long a newcomer in a room of so many is told that we are here. `random`: a number from 0 to 1. */
export function replyDelayMs(members: number, random: number): number {
  const spreadMs = Math.max(PRESENCE_REPLY_SPREAD_MS, members * PRESENCE_REPLY_SPREAD_PER_MEMBER_MS)
  return random * Math.min(spreadMs, PRESENCE_INTERVAL_MS)
}
