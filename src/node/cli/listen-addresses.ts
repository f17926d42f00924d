import { createServer } from 'node:net'

const NODE_PORTS = { tcp: 5001, webSocket: 5002, tls: 5003 } as const

/** A terminal client is one of several on a machine and is found through the network: any port will do. */
export const CHAT_LISTEN: readonly string[] = ['/ip4/0.0.0.0/tcp/0', '/ip4/0.0.0.0/tcp/0/ws']

export interface DefaultListen {
  /** There is a certificate for WebSockets over TLS. */
  readonly tls: boolean
  readonly onTaken: (port: number) => void
}

/**
 * Where a node listens when nobody said: the usual ports, or any free one where a usual one is taken. Who gave an
 * address gets that address or an error.
 */
export async function defaultNodeListen({ tls, onTaken }: DefaultListen): Promise<string[]> {
  const choose = async (port: number): Promise<number> => {
    if (await isFree(port)) return port
    onTaken(port)
    return 0
  }
  const [tcp, webSocket] = [await choose(NODE_PORTS.tcp), await choose(NODE_PORTS.webSocket)]
  return [
    `/ip4/0.0.0.0/tcp/${String(tcp)}`,
    `/ip4/0.0.0.0/tcp/${String(webSocket)}/ws`,
    ...(tls ? [`/ip4/0.0.0.0/tcp/${String(await choose(NODE_PORTS.tls))}/tls/ws`] : []),
  ]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => {
      resolve(false)
    })
    probe.listen({ port, host: '0.0.0.0', exclusive: true }, () => {
      probe.close(() => {
        resolve(true)
      })
    })
  })
}
