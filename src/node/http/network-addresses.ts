import { isIP, isIPv6 } from 'node:net'
import { hostName } from './host-policy.ts'

const HOST = '/(?:ip4|ip6|dns|dns4|dns6)/[^/]+(?:/ip6zone/[^/]+)?'
const PEER = '(?:/p2p/[^/]+)?'

interface Kind {
  /** An address of this kind, with or without a peer id; a circuit through someone else is none. */
  readonly pattern: RegExp
  /** The port of one that needs no certificate, so that any name of this machine leads there. */
  readonly plainPort: RegExp
  readonly ending: string
}

const WEB_SOCKET: Kind = {
  pattern: new RegExp(`^${HOST}/tcp/\\d+(?:/tls(?:/sni/[^/]+)?)?/wss?${PEER}$`, 'u'),
  plainPort: /\/tcp\/(\d+)\/ws(?:\/|$)/u,
  ending: '/ws',
}
const TCP: Kind = {
  pattern: new RegExp(`^${HOST}/tcp/\\d+${PEER}$`, 'u'),
  plainPort: /\/tcp\/(\d+)(?:\/p2p\/|$)/u,
  ending: '',
}

/**
 * The WebSocket multiaddrs of this node, each with its peer id. First comes one made of the host name under which
 * the page was asked for: if a phone reached the page there, it reaches the peer there too.
 */
export function networkAddresses(
  multiaddrs: readonly string[],
  peerId: string,
  host: string | undefined,
): string[] {
  return addressesOf(WEB_SOCKET, multiaddrs, peerId, host)
}

/** Likewise its TCP multiaddrs, for those who are no browser. */
export function tcpAddresses(
  multiaddrs: readonly string[],
  peerId: string,
  host: string | undefined,
): string[] {
  return addressesOf(TCP, multiaddrs, peerId, host)
}

function addressesOf(
  { pattern, plainPort, ending }: Kind,
  multiaddrs: readonly string[],
  peerId: string,
  host: string | undefined,
): string[] {
  const own = multiaddrs.filter((address) => pattern.test(address))
  const port = own.map((address) => plainPort.exec(address)?.[1]).find(Boolean)
  const name = hostName(host)
  const reached =
    port === undefined || name === undefined ? [] : [`${nameAddress(name)}/tcp/${port}${ending}`]
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
