/**
 * How peers learn of each other's STUN servers: a node that answers STUN lists a protocol whose id names the UDP port,
 * so identify tells everybody who is connected. No stream of it is ever used. docs/connectivity.md
 */
import { isPrivate } from '@libp2p/utils'
import { isDirectAddress } from '../../../chat/connectivity/path.ts'
import type { NetworkComponents } from '../components.ts'
import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

const PREFIX = '/sotto/stun/1.0.0/udp/'

export function stunProtocol(port: number): string {
  return `${PREFIX}${String(port)}`
}

/** STUN URLs of nodes we are connected to, those most likely to be beyond our own NAT first. */
export async function stunServers(
  components: Pick<NetworkComponents, 'connectionManager' | 'peerStore'>,
  most: number,
): Promise<string[]> {
  const connections = components.connectionManager
    .getConnections()
    .filter(({ remoteAddr }) => isDirectAddress(remoteAddr))
    .sort((a, b) => distance(b) - distance(a))
  const urls = new Set<string>()
  for (const { remotePeer, remoteAddr } of connections) {
    if (urls.size >= most) break
    const peer = await components.peerStore.get(remotePeer).catch(() => undefined)
    const url = stunUrl(remoteAddr, peer?.protocols ?? [])
    if (url !== undefined) urls.add(url)
  }
  return [...urls]
}

/** Where a peer at this address answers STUN, if it says that it does. */
export function stunUrl(address: Multiaddr, protocols: readonly string[]): string | undefined {
  const port = protocols
    .filter((protocol) => protocol.startsWith(PREFIX))
    .map((protocol) => Number(protocol.slice(PREFIX.length)))
    .find((number) => Number.isInteger(number) && number > 0 && number < 65_536)
  const [first] = address.getComponents()
  if (port === undefined || first?.value === undefined) return undefined
  if (!['ip4', 'ip6', 'dns', 'dns4', 'dns6'].includes(first.name)) return undefined
  const host = first.name === 'ip6' ? `[${first.value}]` : first.value
  return `stun:${host}:${String(port)}`
}

/** One that we dialled is reachable; one with a public address is beyond our NAT. */
function distance({ direction, remoteAddr }: Connection): number {
  return (isPrivate(remoteAddr) ? 0 : 2) + (direction === 'outbound' ? 1 : 0)
}
