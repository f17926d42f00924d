import { isDirectAddress } from '../../chat/connectivity/path.ts'
import type { NetworkComponents } from './components.ts'
import type { Multiaddr } from '@multiformats/multiaddr'

/**
 * Whether whoever dials this reaches us: peers in containers, or on machines with the default ports, all listen on the
 * same ones, and each tells its loopback. To dial that is two handshakes with oneself that come to nothing.
 */
export function isOwnAddress(
  address: Multiaddr,
  transportManager: Pick<NetworkComponents['transportManager'], 'getAddrs'>,
): boolean {
  if (!isDirectAddress(address)) return false
  const socket = socketOf(address)
  // where we are behind a relay begins with the relay's own address
  const own = transportManager.getAddrs().filter((listened) => isDirectAddress(listened))
  return own.some((listened) => socketOf(listened) === socket)
}

/** Where an address leads first, without whom. */
export function socketOf(address: Multiaddr): string {
  return address.toString().split('/p2p/', 1)[0] ?? ''
}
