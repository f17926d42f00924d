/** How the session figures are timed: the same loop for us, on the page, and for the baseline. */

export const CONTENT_BYTES = 1024

/** Either of ours or of the baseline. */
export interface Talk {
  toBob(content: Uint8Array): Promise<unknown>
  toAlice(content: Uint8Array): Promise<unknown>
}

export type Direction = 'oneway' | 'alternating'

/** Microseconds a message, over `messages` of 1 KiB one after the other. */
export async function timeMessages(
  talk: Talk,
  direction: Direction,
  messages: number,
): Promise<number> {
  const content = new Uint8Array(CONTENT_BYTES).fill(0x61)
  const startedAt = performance.now()
  for (let i = 0; i < messages; i++) {
    if (direction === 'alternating' && i % 2 === 1) await talk.toAlice(content)
    else await talk.toBob(content)
  }
  return ((performance.now() - startedAt) * 1000) / messages
}
