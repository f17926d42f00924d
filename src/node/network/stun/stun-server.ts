import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { SourceLimiter } from './source-limiter.ts'
import { bindingResponse, readBindingRequest } from './message.ts'

export interface StunServerInit {
  /** UDP port; where it is taken, and for 0, any free one. */
  readonly port: number
  readonly now?: () => number
}

export interface StunServer {
  readonly port: number
  stop(): Promise<void>
}

/**
 * Tells whoever asks over UDP from which address the question came. Holds no state about anybody but a count per source;
 * what it sends is at most 1.6 times what it got, 2.2 times over IPv6 (RFC 8489 Binding, no credentials), and at most so often.
 */
export async function startStunServer({
  port,
  now = Date.now,
}: StunServerInit): Promise<StunServer> {
  const limiter = new SourceLimiter(now)
  const first = await open('udp4', '0.0.0.0', port)
  const chosen = first.address().port
  const sockets = [first]
  try {
    sockets.push(await open('udp6', '::', chosen))
  } catch {
    // a machine without IPv6, or with that port taken there
  }
  for (const socket of sockets) {
    socket.on('message', (datagram, source) => {
      answer(socket, datagram, source, limiter)
    })
    // an unreachable source comes back as an error of the socket
    socket.on('error', () => undefined)
    socket.unref()
  }
  return {
    port: chosen,
    stop: async () => {
      await Promise.all(sockets.map((socket) => close(socket)))
    },
  }
}

function answer(
  socket: Socket,
  datagram: Uint8Array,
  { address, port }: RemoteInfo,
  limiter: SourceLimiter,
): void {
  const request = readBindingRequest(datagram)
  // port 0 and our own kind: nobody to answer, or a loop between two servers
  if (request === undefined || port === 0 || !limiter.allows(address)) return
  socket.send(bindingResponse(request, { host: address, port }), port, address, () => undefined)
}

async function open(type: 'udp4' | 'udp6', address: string, port: number): Promise<Socket> {
  try {
    return await bind(type, address, port)
  } catch (err) {
    if (type === 'udp6' || port === 0) throw err
    return bind(type, address, 0)
  }
}

async function bind(type: 'udp4' | 'udp6', address: string, port: number): Promise<Socket> {
  const socket = createSocket({ type, ipv6Only: type === 'udp6' })
  try {
    socket.bind({ address, port, exclusive: true })
    await once(socket, 'listening')
    return socket
  } catch (err) {
    socket.close()
    throw err
  }
}

async function close(socket: Socket): Promise<void> {
  const closed = once(socket, 'close')
  socket.close()
  await closed
}
