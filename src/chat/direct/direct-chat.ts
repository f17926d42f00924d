import { HandshakeError } from '../../crypto/errors.ts'
import { verifyCertificate } from '../identity/certificate.ts'
import { FrameStream } from '../frame/frame-stream.ts'
import { Channel } from './channel.ts'
import {
  CHAT_PROTOCOL,
  HANDSHAKE_TIMEOUT_MS,
  MAX_PENDING_HANDSHAKES,
  MAX_PENDING_PER_PEER,
  MAX_PENDING_STRANGERS,
  MAX_STREAMS_PER_CONNECTION,
} from './constants.ts'
import { TooManyHandshakesError } from './errors.ts'
import { acceptHandshake, initiateHandshake, type HandshakeParts } from './handshake-exchange.ts'
import type { DirectChatComponents, DirectChatInit, OpenedChannel } from './index.ts'
import type { VerifiedCertificate } from '../identity/certificate.ts'
import type { Connection, Logger, PeerId, Stream } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

export class DirectChat {
  readonly #components: DirectChatComponents
  readonly #init: DirectChatInit
  readonly #log: Logger
  readonly #now: () => number
  readonly #shutdown = new AbortController()
  readonly #admitted = Promise.withResolvers<undefined>()
  readonly #pendingByPeer = new Map<string, number>()
  #pendingHandshakes = 0

  constructor(components: DirectChatComponents, init: DirectChatInit) {
    this.#components = components
    this.#init = init
    this.#now = init.now ?? Date.now
    this.#log = components.logger.forComponent('sotto:direct')
  }

  /** From now on strangers and friends find a chat here; whoever comes before `admit` waits. */
  async start(): Promise<void> {
    await this.#components.libp2p.handle(
      CHAT_PROTOCOL,
      (stream, connection) => {
        void this.#admitted.promise.then(() => this.#accept(stream, connection))
      },
      { runOnLimitedConnection: true, maxInboundStreams: MAX_STREAMS_PER_CONNECTION },
    )
  }

  /** What is kept was read: who knocks can be told apart. */
  admit(): void {
    this.#admitted.resolve(undefined)
  }

  async stop(): Promise<void> {
    this.#shutdown.abort()
    await this.#components.libp2p.unhandle(CHAT_PROTOCOL)
  }

  /**
   * Connects where no connection is, opens a stream and shakes hands.
   * @throws HandshakeError | IdentityError | InvalidSignatureError, or what libp2p says of a failed dial
   */
  async open(
    peer: PeerId | Multiaddr | Multiaddr[],
    options: { signal?: AbortSignal } = {},
  ): Promise<OpenedChannel> {
    const signal = this.#handshakeSignal(options.signal)
    const [stream, connection] = await this.#openStream(peer, signal)
    return this.#shakeHands(stream, connection, 'outbound', signal)
  }

  /**
   * Opens a stream on this connection and shakes hands; a connection that turns out to be dead is ended.
   * @throws HandshakeError | IdentityError | InvalidSignatureError, or what libp2p says of a failed stream
   */
  async openOn(
    connection: Connection,
    options: { signal?: AbortSignal; onAnswer?: () => void } = {},
  ): Promise<OpenedChannel> {
    const signal = this.#handshakeSignal(options.signal)
    let stream: Stream
    try {
      stream = await connection.newStream(CHAT_PROTOCOL, { signal, runOnLimitedConnection: true })
      options.onAnswer?.()
    } catch (err) {
      if (isDead(connection, err)) connection.abort(asError(err))
      throw err
    }
    return this.#shakeHands(stream, connection, 'outbound', signal)
  }

  /** A connection from before may turn out to be dead only when it is used: then a new one is dialled, once. */
  async #openStream(
    peer: Parameters<DirectChat['open']>[0],
    signal: AbortSignal,
  ): Promise<[Stream, Connection]> {
    const options = { signal, runOnLimitedConnection: true }
    const connection = await this.#components.libp2p.dial(peer, { signal })
    try {
      return [await connection.newStream(CHAT_PROTOCOL, options), connection]
    } catch (err) {
      if (!isDead(connection, err) || signal.aborted) throw err
      // a muxer may be closed before its connection says so, and libp2p would hand the same one out again
      connection.abort(asError(err))
      const renewed = await this.#components.libp2p.dial(peer, { signal })
      return [await renewed.newStream(CHAT_PROTOCOL, options), renewed]
    }
  }

  async #accept(stream: Stream, connection: Connection): Promise<void> {
    const peer = connection.remotePeer
    const ofPeer = this.#pendingByPeer.get(peer.toString()) ?? 0
    const welcome = this.#init.welcome?.(peer) ?? 'known'
    const places = welcome === 'known' ? MAX_PENDING_HANDSHAKES : MAX_PENDING_STRANGERS
    const isFull = this.#pendingHandshakes >= places || ofPeer >= MAX_PENDING_PER_PEER
    if (isFull || welcome === 'too-often') {
      const err = new TooManyHandshakesError('too many handshakes under way')
      stream.abort(err)
      this.#init.onRefusal(err, peer)
      return
    }
    this.#pendingHandshakes++
    this.#pendingByPeer.set(peer.toString(), ofPeer + 1)
    try {
      const signal = this.#handshakeSignal()
      this.#init.onChannel(await this.#shakeHands(stream, connection, 'inbound', signal))
    } catch (err) {
      if (this.#shutdown.signal.aborted) return
      this.#init.onRefusal(asError(err), peer)
    } finally {
      this.#pendingHandshakes--
      const left = (this.#pendingByPeer.get(peer.toString()) ?? 1) - 1
      if (left > 0) this.#pendingByPeer.set(peer.toString(), left)
      else this.#pendingByPeer.delete(peer.toString())
    }
  }

  async #shakeHands(
    stream: Stream,
    connection: Connection,
    direction: 'inbound' | 'outbound',
    signal: AbortSignal,
  ): Promise<OpenedChannel> {
    const { libp2p, crypto, sessions } = this.#components
    const frames = new FrameStream(stream)
    const self = libp2p.peerId.toMultihash().bytes
    const other = connection.remotePeer.toMultihash().bytes
    let remote: VerifiedCertificate | undefined
    const parts: HandshakeParts = {
      frames,
      sessions,
      self: this.#init.identity,
      verifyRemote: async (certificate) =>
        (remote = await verifyCertificate(crypto, certificate, connection.remotePeer)),
      context:
        direction === 'outbound'
          ? { initiatorPeer: self, responderPeer: other }
          : { initiatorPeer: other, responderPeer: self },
      randomBytes: (length) => crypto.randomBytes(length),
      now: this.#now,
      signal,
    }
    try {
      const shake = direction === 'outbound' ? initiateHandshake : acceptHandshake
      const beganAt = this.#now()
      const session = await shake(parts)
      if (remote === undefined) throw new HandshakeError('the handshake named nobody')
      this.#log('%s session with %p', direction, connection.remotePeer)
      const channel = new Channel(frames, session, parts.randomBytes, this.#now)
      channel.answers.expect(Math.max(0, this.#now() - beganAt))
      void channel.closed.then((err) => {
        const { remotePeer, remoteAddr } = connection
        if (err === undefined) this.#log('session with %p over %a ended', remotePeer, remoteAddr)
        else this.#log('session with %p over %a ended - %e', remotePeer, remoteAddr, err)
      })
      return { channel, remote, connection, direction }
    } catch (err) {
      frames.abort(asError(err))
      throw err
    }
  }

  #handshakeSignal(signal?: AbortSignal): AbortSignal {
    const timeout = AbortSignal.timeout(HANDSHAKE_TIMEOUT_MS)
    return AbortSignal.any([this.#shutdown.signal, timeout, ...(signal ? [signal] : [])])
  }
}

function asError(err: unknown): Error {
  return err instanceof Error ? err : new Error(String(err))
}

function isDead(connection: Connection, err: unknown): boolean {
  if (connection.status !== 'open') return true
  return err instanceof Error && err.name === 'ConnectionClosedError'
}
