import { isIP, isIPv6 } from 'node:net'
import { hostName } from './host-policy.ts'

/** `/ip4/…/tcp/…/ws` and its kin, with or without TLS and peer id; a circuit through someone else is none. */
const WEB_SOCKET =
  /^\/(?:ip4|ip6|dns|dns4|dns6)\/[^/]+(?:\/ip6zone\/[^/]+)?\/tcp\/(\d+)(?:\/tls(?:\/sni\/[^/]+)?)?\/wss?(?:\/p2p\/[^/]+)?$/u
const PLAIN_LISTENER = /\/tcp\/(\d+)\/ws(?:\/|$)/u

/**
 * The WebSocket multiaddrs of this node, each with its peer id. First comes one made of the host name under which
 * the page was asked for: if a phone reached the page there, it reaches the peer there too.
 */
export function networkAddresses(
  multiaddrs: readonly string[],
  peerId: string,
  host: string | undefined,
): string[] {
  const own = multiaddrs.filter((address) => WEB_SOCKET.test(address))
  const port = own.map((address) => PLAIN_LISTENER.exec(address)?.[1]).find(Boolean)
  const name = hostName(host)
  const reached =
    port === undefined || name === undefined ? [] : [`${nameAddress(name)}/tcp/${port}/ws`]
  const withPeer = [...reached, ...own].map((address) =>
    address.includes('/p2p/') ? address : `${address}/p2p/${peerId}`,
  )
  return [...new Set(withPeer)]
}

function nameAddress(name: string): string {
  // The peer may listen on IPv4 alone, whatever this machine's resolver makes of its own name.
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return '/ip4/127.0.0.1'
  if (isIP(name) === 0) return `/dns4/${name}`
  return isIPv6(name) ? `/ip6/${name}` : `/ip4/${name}`
}
