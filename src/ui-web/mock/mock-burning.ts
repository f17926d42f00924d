import type { Burn, ChatMessage } from '../../chat/api.ts'
import { mockError } from './mock-errors.ts'

export const MOCK_SECRET = 'The spare key is under the third stone.'

/** What the fake messages that burn say: like the core, the mock shows it only to who asks. */
export function revealMock(message: ChatMessage | undefined): { text: string; after: ChatMessage } {
  if (message?.burn === undefined || message.state === 'burned') {
    throw mockError('NothingToRevealError', 'there is nothing to be read any more')
  }
  const readsLeft = message.burn.readsLeft - 1
  const burn: Burn = { ...message.burn, readsLeft }
  const after: ChatMessage =
    readsLeft > 0 ? { ...message, burn } : { ...message, burn, state: 'burned' }
  return { text: MOCK_SECRET, after }
}
