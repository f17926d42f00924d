import { networkAddresses, tcpAddresses } from './network-addresses.ts'
import type { SelfInfo } from '../../chat/api.ts'

/** What the API tells about. Undefined while the peer is starting: the page is up before it. */
export type SelfSource = () => SelfInfo | undefined

/** GET /api/network: how to enter the network through this node. */
export interface NetworkAnswer {
  readonly peerId: string
  /** WebSockets, which is what a browser can dial. */
  readonly multiaddrs: readonly string[]
  /** What other programs rather dial. */
  readonly tcpMultiaddrs: readonly string[]
}

/** GET /api/health: for people and for container health checks. */
export interface HealthAnswer {
  readonly status: 'ok'
  readonly peerId: string
  /** Peers connected right now. */
  readonly connections: number
  readonly uptimeSeconds: number
}

export interface ApiAnswer {
  readonly status: number
  readonly body:
    NetworkAnswer | HealthAnswer | { readonly error: string } | { readonly status: string }
}

/** Undefined for what the API does not have. @param host the one under which it was asked for */
export function answerApi(
  pathname: string,
  host: string | undefined,
  self: SelfInfo | undefined,
): ApiAnswer | undefined {
  if (pathname === '/api/network') return network(host, self)
  if (pathname === '/api/health') return health(self)
  return undefined
}

function network(host: string | undefined, self: SelfInfo | undefined): ApiAnswer {
  if (self === undefined) return { status: 503, body: { error: 'StartingError' } }
  const { peerId, multiaddrs } = self
  return {
    status: 200,
    body: {
      peerId,
      multiaddrs: networkAddresses(multiaddrs, peerId, host),
      tcpMultiaddrs: tcpAddresses(multiaddrs, peerId, host),
    },
  }
}

function health(self: SelfInfo | undefined): ApiAnswer {
  if (self === undefined) return { status: 503, body: { status: 'starting' } }
  const { peerId, connections } = self
  const uptimeSeconds = Math.round(process.uptime())
  return { status: 200, body: { status: 'ok', peerId, connections, uptimeSeconds } }
}
