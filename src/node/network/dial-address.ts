import { AddressNotAllowedError } from './errors.ts'
import { isOwnAddress } from './own-address.ts'
import { whileUnderWay } from './under-way.ts'
import type { DialOptions } from '../../chat/connectivity/network.ts'
import type { NetworkComponents } from './components.ts'
import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

export type DialComponents = Pick<
  NetworkComponents,
  'connectionGater' | 'connectionManager' | 'transportManager'
>

/** libp2p begins the handshake on a connection that the other machine has taken. */
const UPGRADING = 'upgrader:encrypt-outbound-connection'

/**
 * Opens a connection to exactly this address, whatever connections there are: libp2p's queue would put all addresses of a
 * peer behind one another. @throws AddressNotAllowedError
 */
export async function dialAddress(
  { connectionGater, connectionManager, transportManager }: DialComponents,
  address: Multiaddr,
  { signal, onAnswer }: DialOptions,
): Promise<Connection> {
  if (isDnsaddr(address)) {
    return connectionManager.openConnection([address], { signal, force: true })
  }
  if ((await connectionGater.denyDialMultiaddr?.(address)) === true) {
    throw new AddressNotAllowedError('the address is not to be dialled')
  }
  const onProgress = ({ type }: { readonly type: string }): void => {
    if (type === UPGRADING) onAnswer?.()
  }
  return whileUnderWay([signal], (own) =>
    transportManager.dial(address, { signal: own, onProgress }),
  )
}

/** Whether a transport of ours takes such addresses, and this one is not our own. */
export function canDial(
  { transportManager }: Pick<DialComponents, 'transportManager'>,
  address: Multiaddr,
): boolean {
  if (isDnsaddr(address)) return true
  if (isOwnAddress(address, transportManager)) return false
  return transportManager.dialTransportForMultiaddr(address) !== undefined
}

function isDnsaddr(address: Multiaddr): boolean {
  return address.getComponents().some(({ name }) => name === 'dnsaddr')
}
