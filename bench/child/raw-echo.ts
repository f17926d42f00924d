/**
 * The baseline: bare libp2p as it comes, TCP, Noise and yamux, and an echo of 1 KiB with the stock `lpStream`. What we make
 * of its muxer is ours, and has to show in the ratio.
 */
import { noise } from '@chainsafe/libp2p-noise'
import { tcp } from '@libp2p/tcp'
import { lpStream, type LengthPrefixedStream } from '@libp2p/utils'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { sustain, timeEach } from './window.ts'
import { bytesOfEach } from './wire-bytes.ts'
import type { Libp2p, PeerId, Stream } from '@libp2p/interface'

const PROTOCOL = '/sotto/bench/echo/1.0.0'
const BLOCK = new Uint8Array(1024).fill(7)

/** Fresh connections in quick succession from one address are what we measure, not an attack. */
const CONNECTIONS = { inboundConnectionThreshold: 1000, maxIncomingPendingConnections: 64 }

export class RawEcho {
  readonly #libp2p: Libp2p
  #echo: Promise<EchoStream> | undefined

  private constructor(libp2p: Libp2p) {
    this.#libp2p = libp2p
  }

  static async start(): Promise<RawEcho> {
    const libp2p = await createLibp2p({
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      connectionManager: CONNECTIONS,
    })
    await libp2p.handle(PROTOCOL, (stream) => void echoBack(stream))
    return new RawEcho(libp2p)
  }

  /** An echo on a node that is there already, beside whatever else it does. */
  static async on(libp2p: Libp2p): Promise<RawEcho> {
    await libp2p.handle(PROTOCOL, (stream) => void echoBack(stream))
    return new RawEcho(libp2p)
  }

  get address(): string {
    return String(this.#libp2p.getMultiaddrs()[0])
  }

  /** Dials, opens a stream and resolves with the first echo. */
  async connect(target: PeerId): Promise<void> {
    const connection = await this.#libp2p.dial(target)
    await new EchoStream(await connection.newStream(PROTOCOL)).exchange()
  }

  async roundTrips(address: string, count: number): Promise<number[]> {
    const echo = await this.#stream(address)
    return timeEach(count, () => echo.exchange())
  }

  async throughput(address: string, inFlight: number, durationMs: number): Promise<number> {
    const echo = await this.#stream(address)
    return sustain(inFlight, durationMs, () => echo.exchange())
  }

  async wireBytes(address: string, count: number): Promise<number[]> {
    const echo = await this.#stream(address)
    return bytesOfEach(count, () => echo.exchange())
  }

  stop(): Promise<void> {
    return Promise.resolve(this.#libp2p.stop())
  }

  /** One stream for everything but connecting: so does a conversation. */
  #stream(address: string): Promise<EchoStream> {
    this.#echo ??= this.#libp2p
      .dialProtocol(multiaddr(address), PROTOCOL)
      .then((stream) => new EchoStream(stream))
    return this.#echo
  }
}

class EchoStream {
  readonly #frames: LengthPrefixedStream
  /** Reads one at a time, in the order of the writes. */
  #lastRead: Promise<unknown> = Promise.resolve()

  constructor(stream: Stream) {
    this.#frames = lpStream(stream)
  }

  async exchange(): Promise<void> {
    const written = this.#frames.write(BLOCK)
    const read = this.#lastRead.then(() => this.#frames.read())
    this.#lastRead = read
    await Promise.all([written, read])
  }
}

async function echoBack(stream: Stream): Promise<void> {
  const frames = lpStream(stream)
  try {
    for (;;) await frames.write(await frames.read())
  } catch {
    // the other side has what it wanted
    await stream.close().catch(() => undefined)
  }
}
