import { closeUnlessUsed } from '../../chat/connectivity/unused-connection.ts'
import { replacing } from './replacing.ts'
import type { Connection } from '@libp2p/interface'

/** The same connection for whoever would close it when done with it: it stays for as long as a chat is on it. */
export function lasting(connection: Connection): Connection {
  return replacing(connection, {
    close: () => {
      closeUnlessUsed(connection)
      return Promise.resolve()
    },
  })
}
