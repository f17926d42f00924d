import type { ChatMessage } from '../../chat/api.ts'

/** What stands for a message that shows no words of its own, in words of ours. */
export function placeholderText(message: ChatMessage): string | undefined {
  const { burn, state, outgoing, deleted } = message
  if (deleted === true) return '(deleted by its author)'
  if (state === 'burned') return '(burned)'
  if (burn === undefined || outgoing) return undefined
  const times = burn.readsLeft === 1 ? 'once' : `${String(burn.readsLeft)} times`
  return `(burns: can be read ${times}, with /reveal)`
}

/** How a message of ours will go, for its author: `burns after 5 min or 1 reading`. */
export function burnText({ burn, state }: ChatMessage): string | undefined {
  if (burn === undefined || state === 'burned') return undefined
  const { ttlSeconds, reads } = burn
  const time = ttlSeconds % 60 === 0 ? `${String(ttlSeconds / 60)} min` : `${String(ttlSeconds)} s`
  return `burns after ${time} or ${String(reads)} ${reads === 1 ? 'reading' : 'readings'}`
}
