/**
 * The HTTP side of a node: the page for the browsers of this machine (or of the network, when `host` opens it), and
 * the little API that tells a browser where the network is. Why it listens where it does: docs/decisions/page-address.md.
 */
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { PageAddressError, PortInUseError } from './errors.ts'
import { pageHandler, type PageHandlerOptions } from './page-handler.ts'
import type { RequestListener, Server } from 'node:http'

export interface PageServerOptions extends PageHandlerOptions {
  /** `localhost` means both loopback addresses. */
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
}

export interface PageServer {
  readonly port: number
  /** What to type into a browser on this machine. */
  readonly url: string
  stop(): Promise<void>
}

/** @throws PortInUseError | PageAddressError */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const { host } = options
  const handler = pageHandler(options)
  const servers: Server[] = []
  try {
    const [address = host, ...others] = await addressesOf(host)
    const first = await listen(handler, address, options.port)
    servers.push(first)
    const port = portOf(first) ?? options.port
    for (const other of others) {
      // one of the two is enough, and a machine may have no more
      const server = await listen(handler, other, port).catch(() => undefined)
      if (server !== undefined) servers.push(server)
    }
    const stop = async (): Promise<void> => {
      await Promise.all(servers.map(close))
    }
    return { port, url: pageUrl(host, port), stop }
  } catch (err) {
    throw listenError(options, err)
  }
}

/** What `localhost` is called on this machine, IPv4 first. Node.js would listen on the first alone. */
async function addressesOf(host: string): Promise<string[]> {
  if (host !== 'localhost') return [host]
  const found = await lookup(host, { all: true, order: 'ipv4first' })
  return [...new Set(found.map(({ address }) => address))]
}

async function listen(handler: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer(handler)
  server.listen({ host, port })
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number | undefined {
  const address = server.address()
  return typeof address === 'object' ? address?.port : undefined
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A page that is open keeps connections alive; they must not hold up the end of the program.
  server.closeAllConnections()
  await closed
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
