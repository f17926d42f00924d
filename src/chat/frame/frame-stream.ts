import { FRAME_PREFIX, WIRE_FRAME_BYTES } from './constants.ts'
import { StreamGoneError } from './errors.ts'
import { FrameDecoder } from './frame-decoder.ts'
import type { AbortOptions, Stream, StreamMessageEvent } from '@libp2p/interface'

/** Frames waiting to be read before the stream is paused: 64 KiB, a fair share of a burst. */
const PAUSE_AT_FRAMES = 64

/** Frames put into one `send`: beyond 32 nothing is gained, measured over TCP and WebSocket. */
const FRAMES_A_SEND = 32

/**
 * Frames over a libp2p stream: reads them as they come, with back pressure, and writes several at a time.
 * Whatever goes wrong inside a listener aborts this stream and nothing else.
 */
export class FrameStream {
  readonly #stream: Stream
  readonly #decoder = new FrameDecoder()
  #ready: Uint8Array[] = []
  #wake: PromiseWithResolvers<undefined> | undefined
  #ended = false
  #error: Error | undefined

  constructor(stream: Stream) {
    this.#stream = stream
    stream.addEventListener('message', this.#onMessage)
    stream.addEventListener('remoteCloseWrite', this.#onEnd)
    stream.addEventListener('close', this.#onEnd)
    // a stream that ended before anybody listened says so no more; what it still has is dispatched in a microtask before
    if (stream.remoteWriteStatus === 'closed') queueMicrotask(() => this.#end(undefined))
  }

  get stream(): Stream {
    return this.#stream
  }

  /**
   * All frames that have come, waiting for the first; an empty list when the other side has closed.
   * @throws FrameSizeError, or what the stream was aborted with
   */
  async read(options: AbortOptions = {}): Promise<Uint8Array[]> {
    while (this.#ready.length === 0) {
      if (this.#error !== undefined) throw this.#error
      if (this.#ended) return []
      options.signal?.throwIfAborted()
      await this.#waitForFrames(options.signal)
    }
    const frames = this.#ready
    this.#ready = []
    if (this.#stream.readStatus === 'paused') this.#stream.resume()
    return frames
  }

  /** Puts frames back that were read and are for a later reader. */
  unread(frames: readonly Uint8Array[]): void {
    this.#ready.unshift(...frames)
  }

  /** Resolves when the stream can take more. */
  async write(frames: readonly Uint8Array[], options: AbortOptions = {}): Promise<void> {
    for (let from = 0; from < frames.length; from += FRAMES_A_SEND) {
      if (this.#stream.send(onWire(frames.slice(from, from + FRAMES_A_SEND)))) continue
      // a stream that broke while it took this would never say that it drained
      if (this.#stream.status !== 'open') throw this.#error ?? new StreamGoneError()
      await this.#stream.onDrain(options)
    }
  }

  async close(options?: AbortOptions): Promise<void> {
    await this.#stream.close(options)
  }

  abort(err: Error): void {
    this.#fail(err)
    this.#stream.abort(err)
  }

  readonly #onMessage = (event: StreamMessageEvent): void => {
    if (this.#error !== undefined) return
    try {
      this.#ready.push(...this.#decoder.push(event.data))
    } catch (err) {
      const error = err instanceof Error ? err : new Error(String(err))
      this.#fail(error)
      // let the stream finish dispatching this event before it goes away
      queueMicrotask(() => {
        this.#stream.abort(error)
      })
      return
    }
    if (this.#ready.length >= PAUSE_AT_FRAMES) this.#stream.pause()
    this.#wakeReader()
  }

  readonly #onEnd = (event: Event): void => {
    this.#end('error' in event && event.error instanceof Error ? event.error : undefined)
  }

  #end(err: Error | undefined): void {
    this.#ended = true
    this.#error ??= err
    this.#wakeReader()
  }

  #fail(err: Error): void {
    this.#error ??= err
    this.#ended = true
    this.#wakeReader()
  }

  #wakeReader(): void {
    this.#wake?.resolve(undefined)
    this.#wake = undefined
  }

  async #waitForFrames(signal: AbortSignal | undefined): Promise<void> {
    this.#wake ??= Promise.withResolvers<undefined>()
    const { promise, reject } = this.#wake
    if (signal === undefined) {
      await promise
      return
    }
    const onAbort = (): void => {
      this.#wake = undefined
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}

/** Frames as `it-length-prefixed` would write them, in one piece. */
function onWire(frames: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(frames.length * WIRE_FRAME_BYTES)
  frames.forEach((frame, index) => {
    bytes.set(FRAME_PREFIX, index * WIRE_FRAME_BYTES)
    bytes.set(frame, index * WIRE_FRAME_BYTES + FRAME_PREFIX.length)
  })
  return bytes
}
