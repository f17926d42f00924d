/** Stands before libp2p's TCP and WebSocket listeners, which let in whoever comes and wait for ever for what they say. */
import { Server, type Socket } from 'node:net'
import { MAX_WEBSOCKET_MESSAGE_BYTES } from './constants.ts'
import { hostOf, isOwnMachine } from './host.ts'
import type { Admission, Visit } from './admission.ts'
import type { InboundLimits } from './inbound-limits.ts'
import type { Listener, Transport, Upgrader } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/** A transport whose listeners let in whom the limits do. */
export function behindDoor<Components>(
  create: (components: Components) => Transport,
  { admission, refused }: Pick<InboundLimits, 'admission' | 'refused'>,
): (components: Components) => Transport {
  return (components) => {
    const transport = create(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => {
      const door = new FrontDoor(admission, refused)
      const upgrader = door.watch(options.upgrader)
      const listener = createListener({ ...options, upgrader })
      door.stand(listener)
      return listener
    }
    return transport
  }
}

interface Guest {
  readonly socket: Socket
  readonly visit: Visit
}

/** The door of one listener. */
class FrontDoor {
  readonly #admission: Admission
  readonly #onRefusal: (why: Error) => void
  /** By the address that they come from. */
  readonly #guests = new Map<string, Guest>()

  constructor(admission: Admission, onRefusal: (why: Error) => void) {
    this.#admission = admission
    this.#onRefusal = onRefusal
  }

  stand(listener: Listener): void {
    const server = serverOf(listener)
    const accept = server.listeners('connection')
    server.removeAllListeners('connection')
    server.on('connection', (socket) => {
      if (!this.#admit(socket)) return
      for (const take of accept) Reflect.apply(take, server, [socket])
    })
    tameWebSockets(listener)
    const close = listener.close.bind(listener)
    listener.close = () => {
      // the listener waits until every socket of its is closed, and does not know those that have said nothing yet
      for (const { socket } of this.#guests.values()) socket.destroy()
      return close()
    }
  }

  /** libp2p's upgrader, which tells when a handshake is done. */
  watch(upgrader: Upgrader): Upgrader {
    return {
      upgradeInbound: async (connection, options) => {
        const guest = this.#guests.get(keyOf(connection.remoteAddr))
        let isUp = false
        connection.addEventListener('close', ({ local, error }) => {
          // later ones are told with the name of the peer
          if (!isUp && local && error !== undefined) this.#onRefusal(error)
        })
        try {
          await upgrader.upgradeInbound(connection, options)
          isUp = true
          guest?.visit.arrived()
        } catch (err) {
          // a WebSocket would be closed politely, and wait for an answer
          guest?.socket.destroy()
          throw err
        }
      },
      upgradeOutbound: upgrader.upgradeOutbound.bind(upgrader),
      createInboundAbortSignal: upgrader.createInboundAbortSignal.bind(upgrader),
      getStreamMuxers: upgrader.getStreamMuxers.bind(upgrader),
      getConnectionEncrypters: upgrader.getConnectionEncrypters.bind(upgrader),
    }
  }

  #admit(socket: Socket): boolean {
    const { remoteAddress, remotePort } = socket
    if (remoteAddress === undefined || remotePort === undefined) {
      socket.destroy()
      return false
    }
    try {
      const visit = this.#admission.admit({
        host: hostOf(remoteAddress),
        isOwn: isOwnMachine(remoteAddress),
        end: () => {
          socket.destroy()
        },
      })
      this.#welcome(`${plain(remoteAddress)} ${String(remotePort)}`, { socket, visit })
      return true
    } catch {
      // counted there
      socket.resetAndDestroy()
      return false
    }
  }

  #welcome(key: string, guest: Guest): void {
    this.#guests.set(key, guest)
    guest.socket.once('close', () => {
      guest.visit.left()
      if (this.#guests.get(key) === guest) this.#guests.delete(key)
    })
  }
}

/** As libp2p writes them. */
function keyOf(address: Multiaddr): string {
  const [ip, tcp] = address.getComponents()
  return `${plain(ip?.value ?? '')} ${tcp?.value ?? ''}`
}

function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/iu, '')
}

/** libp2p's listeners do not tell their server; one that has none by this name is not to listen unguarded. */
function serverOf(listener: Listener): Server {
  const server: unknown = Reflect.get(listener, 'server')
  if (!(server instanceof Server)) throw new TypeError('this listener has no server to guard')
  return server
}

/**
 * `ws` takes messages of 100 MiB from anybody, before they said who they are, and libp2p does not listen for its errors: one
 * frame that breaks RFC 6455 would end the process.
 */
function tameWebSockets(listener: Listener): void {
  if (!('wsServer' in listener)) return
  const { wsServer } = listener
  if (!isWebSocketServer(wsServer)) throw new TypeError('this listener has no WebSockets to guard')
  wsServer.options.maxPayload = MAX_WEBSOCKET_MESSAGE_BYTES
  const upgrade = wsServer.handleUpgrade.bind(wsServer)
  wsServer.handleUpgrade = (request, socket, head, done) => {
    upgrade(request, socket, head, (webSocket, ...rest) => {
      webSocket.on('error', () => {
        webSocket.terminate()
      })
      done(webSocket, ...rest)
    })
  }
}

/** Of the package `ws`. */
interface WebSocketServer {
  readonly options: { maxPayload: number }
  handleUpgrade(
    request: unknown,
    socket: unknown,
    head: unknown,
    done: (webSocket: WebSocketOfNode, ...rest: unknown[]) => void,
  ): void
}

interface WebSocketOfNode {
  on(event: 'error', listener: () => void): unknown
  terminate(): void
}

function isWebSocketServer(value: unknown): value is WebSocketServer {
  if (typeof value !== 'object' || value === null) return false
  return (
    'options' in value &&
    typeof value.options === 'object' &&
    value.options !== null &&
    'maxPayload' in value.options &&
    'handleUpgrade' in value &&
    typeof value.handleUpgrade === 'function'
  )
}
