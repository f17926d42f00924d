/**
 * The HTTP side of a node: the page for the browsers of this machine (or of the network, when `host` opens it), and
 * the little API that tells a browser where the network is. Why it listens where it does: docs/decisions/page-address.md.
 */
import { fastify } from 'fastify'
import { addApi } from './api.ts'
import { PageAddressError, PortInUseError } from './errors.ts'
import { isAllowedHost } from './host-policy.ts'
import { addPage } from './page.ts'
import { SECURITY_HEADERS } from './security-headers.ts'
import type { SelfSource } from './api.ts'
import type { Logger } from '../log/create-logger.ts'
import type { FastifyInstance } from 'fastify'

export interface PageServerOptions {
  /** `localhost` means both loopback addresses. */
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /** Domain names, besides addresses and local names, under which the page may be asked for. */
  readonly allowHosts: readonly string[]
  /** Where the built page lies. */
  readonly folder: string
  readonly self: SelfSource
  readonly log: Logger
}

export interface PageServer {
  readonly port: number
  /** What to type into a browser on this machine. */
  readonly url: string
  stop(): Promise<void>
}

/** @throws PortInUseError | PageAddressError */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const server = await createPageServer(options)
  try {
    await server.listen({ host: options.host, port: options.port })
  } catch (err) {
    await server.close()
    throw listenError(options, err)
  }
  const address = server.addresses()[0]
  const port = typeof address === 'object' ? address.port : options.port
  return { port, url: pageUrl(options.host, port), stop: () => server.close() }
}

/** The server without a socket, as tests inject requests into it. */
export async function createPageServer(
  options: Omit<PageServerOptions, 'host' | 'port'>,
): Promise<FastifyInstance> {
  // A page that is open keeps connections alive; they must not hold up the end of the program.
  const server = fastify({ forceCloseConnections: true, logger: false })
  const allowed = options.allowHosts.map((name) => name.toLowerCase())

  server.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS)
    if (!isAllowedHost(request.headers.host, allowed)) {
      await reply.code(421).send({ error: 'HostNotAllowedError' })
    }
  })
  server.setErrorHandler((err, request, reply) => {
    const status = statusOf(err)
    if (status >= 500) options.log.error({ err, url: request.url }, 'page: request failed')
    return reply.code(status).send({ error: status >= 500 ? 'InternalError' : 'BadRequestError' })
  })
  addApi(server, options.self)
  await addPage(server, options.folder)
  return server
}

function statusOf(err: unknown): number {
  const status = err instanceof Error && 'statusCode' in err ? Number(err.statusCode) : 500
  return status >= 400 && status < 600 ? status : 500
}

function listenError({ host, port }: PageServerOptions, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'EADDRINUSE') {
    const advice = 'stop the program that uses it, or choose another with --port (0: any)'
    return new PortInUseError(`port ${String(port)} of the page is in use: ${advice}`, { cause })
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    const what = `the page cannot listen on ${host}, port ${String(port)} (${code})`
    return new PageAddressError(`${what}: choose others with --host and --port`, { cause })
  }
  return cause
}

function pageUrl(host: string, port: number): string {
  // An address that stands for all of them is none that a browser can open.
  const name = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host) ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${String(port)}`
}
