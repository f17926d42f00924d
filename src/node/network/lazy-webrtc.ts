import {
  transportSymbol,
  type Connection,
  type Stream,
  type Transport,
  type Upgrader,
} from '@libp2p/interface'
import { unref } from './clock-watch.ts'
import { whileUnderWay } from './under-way.ts'
import type { NetworkComponents } from './components.ts'
import type { webRTC, WebRTCTransportComponents } from '@libp2p/webrtc'
import type { Multiaddr } from '@multiformats/multiaddr'

const SIGNALLING_PROTOCOL = '/webrtc-signaling/0.0.1'

/** Offers of others that are being answered at once: each holds a peer connection, about 1 MB. */
const MAX_PENDING_OFFERS = 16

/** Longer than any exchange of offers takes: a place is free again then, whatever became of it. */
const OFFER_TIMEOUT_MS = 30_000

type Components = WebRTCTransportComponents & Pick<NetworkComponents, 'peerStore'>
type Handler = (stream: Stream, connection: Connection) => void

export interface MadeConnection {
  readonly configuration: RTCConfiguration
  /** Fires when the connection has failed or is closed, with the error that says so. */
  readonly ended: AbortSignal
  readonly close: () => void
}

export interface LazyWebRtcInit {
  /** Asked for each connection: which STUN servers there are changes. */
  readonly iceServers: (components: Components) => Promise<RTCIceServer[]>
  /** Makes the peer connection that is to be used. Default: libp2p makes one. */
  readonly connect?: (iceServers: RTCIceServer[]) => Promise<MadeConnection>
  /** Lets go of what loading it took, once the last peer of this process that used it has stopped. */
  readonly release?: () => Promise<void>
}

/** Peers of this process that have used WebRTC and not stopped since. */
const users = new Set<LazyWebRtc>()

/**
 * libp2p's WebRTC between peers that a relay introduces, loaded when it is first used: in Node.js its native part costs
 * 16 MB. Each connection gets a transport object of its own, since libp2p's never lets go of one that it made
 * (js-libp2p #3567).
 */
export function lazyWebRtc(init: LazyWebRtcInit) {
  return (components: Components): Transport => new LazyWebRtc(components, init)
}

class LazyWebRtc implements Transport {
  readonly [transportSymbol] = true as const
  readonly [Symbol.toStringTag] = '@sotto/webrtc'
  readonly #components: Components
  readonly #init: LazyWebRtcInit
  #module: Promise<{ readonly webRTC: typeof webRTC }> | undefined
  #pendingOffers = 0

  constructor(components: Components, init: LazyWebRtcInit) {
    this.#components = components
    this.#init = init
  }

  async start(): Promise<void> {
    await this.#components.registrar.handle(SIGNALLING_PROTOCOL, this.#onOffer, {
      runOnLimitedConnection: true,
    })
  }

  async stop(): Promise<void> {
    await this.#components.registrar.unhandle(SIGNALLING_PROTOCOL)
  }

  /** Every connection is closed by now. */
  async afterStop(): Promise<void> {
    if (users.delete(this) && users.size === 0) await this.#init.release?.()
  }

  dialFilter(addresses: Multiaddr[]): Multiaddr[] {
    return addresses.filter((address) => {
      const names = address.getComponents().map(({ name }) => name)
      return names.includes('p2p-circuit') && names.includes('webrtc')
    })
  }

  /** Whoever can be offered a connection is known by the protocol, not by an address. */
  listenFilter(): Multiaddr[] {
    return []
  }

  createListener(): never {
    throw new TypeError('nothing listens for WebRTC')
  }

  async dial(...[address, options]: Parameters<Transport['dial']>): ReturnType<Transport['dial']> {
    const { registrar, upgrader } = this.#components
    const { transport, ended, close } = await this.#make(() => ({ registrar, upgrader }))
    try {
      return await whileUnderWay([options.signal, ended], (signal) =>
        transport.dial(address, { ...options, signal }),
      )
    } catch (err) {
      close()
      throw err
    }
  }

  readonly #onOffer: Handler = (stream, connection) => {
    if (this.#pendingOffers >= MAX_PENDING_OFFERS) {
      stream.abort(new Error('too many offers'))
      return
    }
    this.#pendingOffers++
    const done = Promise.withResolvers<undefined>()
    stream.addEventListener('close', () => {
      done.resolve(undefined)
    })
    const timer = setTimeout(done.resolve, OFFER_TIMEOUT_MS)
    unref(timer)
    void done.promise.then(() => {
      clearTimeout(timer)
      this.#pendingOffers--
    })
    this.#answer(stream, connection).catch((err: unknown) => {
      stream.abort(err instanceof Error ? err : new Error(String(err)))
    })
  }

  async #answer(stream: Stream, connection: Connection): Promise<void> {
    const handler = Promise.withResolvers<Handler>()
    const { registrar, upgrader } = this.#components
    const { transport } = await this.#make((ended) => ({
      registrar: {
        // the transport wants to register; what it would register is what we call
        handle: (_protocol: unknown, offer: Handler) => {
          handler.resolve(offer)
          return Promise.resolve()
        },
        unhandle: registrar.unhandle.bind(registrar),
      },
      upgrader: {
        createInboundAbortSignal: upgrader.createInboundAbortSignal.bind(upgrader),
        // libp2p comes here with a connection that failed, too
        upgradeInbound: async (...args: Parameters<Upgrader['upgradeInbound']>) => {
          ended.throwIfAborted()
          return upgrader.upgradeInbound(...args)
        },
      },
    }))
    await transport.start?.()
    const take = await handler.promise
    take(stream, connection)
  }

  /** libp2p's transport for one connection, with parts that are our own. */
  async #make(
    parts: (ended: AbortSignal) => { registrar: object; upgrader: object },
  ): Promise<Made> {
    users.add(this)
    this.#module ??= import('@libp2p/webrtc')
    const { webRTC: create } = await this.#module
    const iceServers = await this.#init.iceServers(this.#components)
    const made = (await this.#init.connect?.(iceServers)) ?? byLibp2p(iceServers)
    const { peerId, transportManager, connectionManager, logger, events } = this.#components
    const own: object = {
      peerId,
      transportManager,
      connectionManager,
      logger,
      events,
      ...parts(made.ended),
    }
    const { configuration: rtcConfiguration } = made
    return { ...made, transport: create({ rtcConfiguration })(own as WebRTCTransportComponents) }
  }
}

interface Made extends MadeConnection {
  readonly transport: Transport & { start?(): Promise<void> }
}

function byLibp2p(iceServers: RTCIceServer[]): MadeConnection {
  return {
    configuration: { iceServers },
    ended: new AbortController().signal,
    close: () => undefined,
  }
}
