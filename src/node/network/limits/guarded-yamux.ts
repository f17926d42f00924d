/**
 * Reads along what the muxer is sent. `@libp2p/yamux` keeps a frame until it is whole, however long it is announced to
 * be, answers each ping, and resets streams one by one, as fast as they come.
 */
import { yamux } from '@libp2p/yamux'
import { TokenBuckets } from '../token-buckets.ts'
import { spareWindowUpdates } from '../window-updates.ts'
import {
  MAX_INBOUND_STREAMS,
  MAX_STREAM_WINDOW_BYTES,
  MAX_UNREAD_BYTES,
  PINGS_PER_SECOND,
  PING_BURST,
  STREAMS_PER_SECOND,
  STREAM_BURST,
} from './constants.ts'
import { OversizedRequestError, StreamFloodError, UnreadAnswersError } from './errors.ts'
import type { MessageStream, StreamMuxerFactory } from '@libp2p/interface'
import type { Uint8ArrayList } from 'uint8arraylist'

// https://github.com/hashicorp/yamux/blob/master/spec.md: version, type, flags (2), stream (4), length (4)
const HEADER_BYTES = 12
const TYPE_AT = 1
const FLAGS_AT = 2
const LENGTH_AT = 8
const DATA = 0
const PING = 2
const SYN = 1

/** What a libp2p connection is multiplexed by. */
export function guardedYamux(init: Parameters<typeof yamux>[0]) {
  const create = yamux({
    ...init,
    maxInboundStreams: MAX_INBOUND_STREAMS,
    streamOptions: { ...init?.streamOptions, maxStreamWindowSize: MAX_STREAM_WINDOW_BYTES },
  })
  return (): StreamMuxerFactory => {
    const factory = create()
    return {
      protocol: factory.protocol,
      createStreamMuxer: (connection) => {
        watchMuxer(connection)
        const muxer = factory.createStreamMuxer(connection)
        spareWindowUpdates(muxer)
        return muxer
      },
    }
  }
}

/** Before the muxer listens: what is wrong has ended the connection when the muxer sees it. */
export function watchMuxer(connection: MessageStream, now = () => performance.now()): void {
  const frames = new FrameHeaders(now)
  connection.addEventListener('message', ({ data }) => {
    try {
      if (connection.writeBufferLength > MAX_UNREAD_BYTES) {
        throw new UnreadAnswersError('nobody reads what is answered')
      }
      frames.read(data)
    } catch (err) {
      connection.abort(err instanceof Error ? err : new Error(String(err)))
    }
  })
}

/** Follows the frames over any chunking of their bytes. */
class FrameHeaders {
  readonly #header = new Uint8Array(HEADER_BYTES)
  readonly #streams: TokenBuckets
  readonly #pings: TokenBuckets
  #filled = 0
  /** Of the frame's body, still to come. */
  #body = 0

  constructor(now: () => number) {
    const one = { maxSources: 1, now }
    this.#streams = new TokenBuckets({ burst: STREAM_BURST, perSecond: STREAMS_PER_SECOND, ...one })
    this.#pings = new TokenBuckets({ burst: PING_BURST, perSecond: PINGS_PER_SECOND, ...one })
  }

  /** @throws OversizedRequestError | StreamFloodError */
  read(data: Uint8Array | Uint8ArrayList): void {
    if (data instanceof Uint8Array) this.#readChunk(data)
    else for (const chunk of data) this.#readChunk(chunk)
  }

  #readChunk(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.byteLength) {
      if (this.#body > 0) {
        const passed = Math.min(this.#body, chunk.byteLength - at)
        this.#body -= passed
        at += passed
        continue
      }
      const part = chunk.subarray(at, at + HEADER_BYTES - this.#filled)
      this.#header.set(part, this.#filled)
      this.#filled += part.byteLength
      at += part.byteLength
      if (this.#filled === HEADER_BYTES) this.#body = this.#check()
      this.#filled %= HEADER_BYTES
    }
  }

  /** How long the body is. */
  #check(): number {
    const view = new DataView(this.#header.buffer)
    const type = view.getUint8(TYPE_AT)
    const isNew = (view.getUint16(FLAGS_AT) & SYN) === SYN
    const length = view.getUint32(LENGTH_AT)
    if (type === PING) {
      if (isNew && !this.#pings.take('')) throw new StreamFloodError('too many pings')
      return 0
    }
    if (isNew && !this.#streams.take('')) throw new StreamFloodError('too many streams')
    if (type !== DATA) return 0
    if (length > MAX_STREAM_WINDOW_BYTES) throw new OversizedRequestError('a frame is too long')
    return length
  }
}
