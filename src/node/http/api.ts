import { networkAddresses, tcpAddresses } from './network-addresses.ts'
import type { SelfInfo } from '../../chat/api.ts'
import type { FastifyInstance } from 'fastify'

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

export function addApi(server: FastifyInstance, self: SelfSource): void {
  server.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })

  server.get('/api/network', (request, reply) => {
    const info = self()
    if (info === undefined) return reply.code(503).send({ error: 'StartingError' })
    const { peerId } = info
    const { host } = request.headers
    return reply.send({
      peerId,
      multiaddrs: networkAddresses(info.multiaddrs, peerId, host),
      tcpMultiaddrs: tcpAddresses(info.multiaddrs, peerId, host),
    } satisfies NetworkAnswer)
  })

  server.get('/api/health', (_request, reply) => {
    const info = self()
    if (info === undefined) return reply.code(503).send({ status: 'starting' })
    return reply.send({
      status: 'ok',
      peerId: info.peerId,
      connections: info.connections,
      uptimeSeconds: Math.round(process.uptime()),
    } satisfies HealthAnswer)
  })
}
