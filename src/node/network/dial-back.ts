import { autoNAT, type AutoNATComponents } from '@libp2p/autonat'
import { Semaphore } from '../../chat/connectivity/semaphore.ts'
import { DIAL_BACK_TIMEOUT_MS, MAX_DIAL_BACKS } from './constants.ts'
import { dialAddress, type DialComponents } from './dial-address.ts'
import { lasting } from './lasting-connection.ts'
import { replacing } from './replacing.ts'
import type { Connection } from '@libp2p/interface'
import type { ConnectionManager, OpenConnectionOptions } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'

type Components = AutoNATComponents & DialComponents
type Target = Parameters<ConnectionManager['openConnection']>[0]

/**
 * libp2p's AutoNAT, which dials back whoever asks whether an address of theirs can be reached, and closes what it was
 * given. As it comes that is the very connection on which they asked, whatever goes on there: libp2p does not dial somebody
 * anew who is connected. Here it is a new one, which lets go a while later, unless a chat has begun there.
 */
export function dialBack(): (components: Components) => unknown {
  const create = autoNAT()
  return (components) => create(withDials(components))
}

function withDials(components: Components): Components {
  const { connectionManager } = components
  const dials = new Semaphore(MAX_DIAL_BACKS)
  const openConnection = async (
    target: Target,
    options: OpenConnectionOptions = {},
  ): Promise<Connection> => {
    // one address is somebody to be dialled back; several are somebody to ask
    if (!isAddress(target)) return connectionManager.openConnection(target, options)
    const { signal = AbortSignal.timeout(DIAL_BACK_TIMEOUT_MS) } = options
    const connection = await dials.run(signal, () =>
      dialAddress(components, target, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(DIAL_BACK_TIMEOUT_MS)]),
      }),
    )
    return lasting(connection)
  }
  return replacing(components, {
    connectionManager: replacing(connectionManager, { openConnection }),
  })
}

function isAddress(target: Target): target is Multiaddr {
  return 'getComponents' in target
}
