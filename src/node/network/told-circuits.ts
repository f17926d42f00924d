/**
 * Which of the ways to us that lead over relays are worth telling. Each is read, kept and sent on by everybody who asks the
 * DHT for anyone near us, and each that leads nowhere costs whoever dials us a try.
 */
import { isLoopback } from '@libp2p/utils'
import { isCircuitAddress } from '../../chat/connectivity/path.ts'
import { relayOf } from '../../chat/connectivity/ways.ts'
import { socketOf } from './own-address.ts'
import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

type Seen = Pick<Connection, 'direction' | 'remoteAddr'>

/**
 * Without those that lead over a relay's loopback, where the relay is found elsewhere too. A relay names all its addresses
 * to whoever reserves a place; dialled from another machine its loopback is that machine's own.
 */
export function withoutLoopbackRelays(addresses: Multiaddr[]): Multiaddr[] {
  const isOverLoopback = (address: Multiaddr): boolean =>
    isCircuitAddress(address) && isLoopback(address)
  const foundElsewhere = new Set(
    addresses.filter((one) => isCircuitAddress(one) && !isLoopback(one)).map(relayOf),
  )
  return addresses.filter((one) => !isOverLoopback(one) || !foundElsewhere.has(relayOf(one)))
}

/**
 * Without those where a relay listens to nobody: libp2p adds to what the relay names the address of our connection to it,
 * which is the port of a moment where the relay dialled us.
 */
export function withoutPassingPorts(
  addresses: Multiaddr[],
  connectionsTo: (relay: string) => readonly Seen[],
): Multiaddr[] {
  return addresses.filter((address) => {
    const relay = isCircuitAddress(address) ? relayOf(address) : undefined
    if (relay === undefined) return true
    const socket = socketOf(address)
    return !connectionsTo(relay).some(
      ({ direction, remoteAddr }) => direction === 'inbound' && socketOf(remoteAddr) === socket,
    )
  })
}
