import { CHAT_PROTOCOL } from '../direct/constants.ts'
import { UNUSED_CONNECTION_MS } from './constants.ts'
import type { Connection } from '@libp2p/interface'

/**
 * Closes a connection that we dialled and do not need, in a while: either side may have begun to talk on it, since both
 * open their chats at once when one comes up.
 */
export function closeUnlessUsed(connection: Connection): void {
  setTimeout(() => {
    const isUsed = connection.streams.some(({ protocol }) => protocol === CHAT_PROTOCOL)
    if (!isUsed) connection.close().catch(() => undefined)
  }, UNUSED_CONNECTION_MS)
}
