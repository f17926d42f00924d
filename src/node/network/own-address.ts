import { isDirectAddress } from '../../chat/connectivity/path.ts'
import type { NetworkComponents } from './components.ts'
import type { Multiaddr } from '@multiformats/multiaddr'

/** Each look at what we listen on asks the operating system for its interfaces: what was seen is good for so long. */
const FRESH_MS = 1000

interface Seen {
  readonly at: number
  readonly sockets: ReadonlySet<string>
}

const lately = new WeakMap<Listening, Seen>()

type Listening = Pick<NetworkComponents['transportManager'], 'getAddrs'>

/**
 * Whether whoever dials this reaches us: peers in containers, or on machines with the default ports, all listen on the
 * same ones, and each tells its loopback. To dial that is two handshakes with oneself that come to nothing.
 */
export function isOwnAddress(address: Multiaddr, transportManager: Listening): boolean {
  return isDirectAddress(address) && ownSockets(transportManager).has(socketOf(address))
}

function ownSockets(transportManager: Listening): ReadonlySet<string> {
  const now = performance.now()
  const seen = lately.get(transportManager)
  if (seen !== undefined && now - seen.at < FRESH_MS) return seen.sockets
  // where we are behind a relay begins with the relay's own address
  const own = transportManager.getAddrs().filter((listened) => isDirectAddress(listened))
  const sockets = new Set(own.map(socketOf))
  lately.set(transportManager, { at: now, sockets })
  return sockets
}

/** Where an address leads first, without whom. */
export function socketOf(address: Multiaddr): string {
  return address.toString().split('/p2p/', 1)[0] ?? ''
}
