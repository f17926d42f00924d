import { SessionClosedError } from '../../crypto/errors.ts'
import { CHUNK_HEADER_BYTES, ChunkKind, readChunks, type Chunk } from '../frame/chunks.ts'
import { FRAME_BYTES, FrameType, WIRE_FRAME_BYTES } from '../frame/constants.ts'
import { MalformedFrameError, UnexpectedFrameError } from '../frame/errors.ts'
import { FragmentAssembler } from '../frame/fragment-assembler.ts'
import { FramePacker } from '../frame/frame-packer.ts'
import { MAX_ENVELOPE_BYTES } from '../message/envelope.ts'
import { MESSAGE_ID_BYTES } from '../message/message-id.ts'
import { AnswerClock, PING_BYTES } from './answer-clock.ts'
import { SendQueue } from './send-queue.ts'
import type { Session } from '../../crypto/session.ts'
import type { FrameStream } from '../frame/frame-stream.ts'
import type { Block, SealedFrameType } from './packets.ts'

/** Packets waiting for the wire before the sender is told to wait. */
const MAX_QUEUED_PACKETS = 256

/** Acknowledgement chunks waiting for the wire before we read on; each holds 32 ids. */
const MAX_QUEUED_REPLIES = 64

export interface ChannelHandler {
  /** A whole signed envelope; what it throws closes the channel. */
  onMessage(envelope: Uint8Array): Promise<void>
  /** Several signed contents; the same. */
  onBatch(batch: Uint8Array): Promise<void>
  onAcknowledged(ids: Uint8Array): Promise<void>
  onAddresses(data: Uint8Array): Promise<void>
  /** Part of a long content. */
  onPart(data: Uint8Array): Promise<void>
  /** Parts of ours that the other side would like to have. */
  onWanted(data: Uint8Array): Promise<void>
  /** What each frame waits for before it is opened; nothing where there is none. */
  readonly pace?: () => Promise<void>
}

/**
 * One established session on one stream: packets in, packets out. Knows frames and chunks, and nothing of what a
 * message means.
 */
export class Channel {
  readonly #frames: FrameStream
  readonly #session: Session
  readonly #queue: SendQueue
  readonly #fragments = new FragmentAssembler(MAX_ENVELOPE_BYTES)
  readonly #closed = Promise.withResolvers<Error | undefined>()
  #finished = false
  #lastSentAt: number
  #lastReceivedAt: number
  #bytesSent = 0
  #bytesReceived = 0
  readonly #now: () => number
  /** What went out and was not answered yet, and how long answers take. */
  readonly answers: AnswerClock

  constructor(
    frames: FrameStream,
    session: Session,
    randomBytes: (length: number) => Uint8Array,
    now: () => number,
  ) {
    this.#frames = frames
    this.#session = session
    this.#queue = new SendQueue({
      packer: new FramePacker(session.plaintextBytes, randomBytes),
      seal: (block) => this.#seal(block),
      write: (batch) => this.#write(batch),
      onError: (err) => {
        this.#finish(asError(err))
      },
    })
    this.#now = now
    this.answers = new AnswerClock(now)
    this.#lastSentAt = this.#lastReceivedAt = now()
  }

  get session(): Session {
    return this.#session
  }

  /** Resolves once, with what went wrong or undefined for an orderly end. */
  get closed(): Promise<Error | undefined> {
    return this.#closed.promise
  }

  /** True while more is queued than the stream takes: wait for what was sent before sending more. */
  get isCongested(): boolean {
    return this.#queue.size > MAX_QUEUED_PACKETS
  }

  /** How long a batch may be: one goes into one frame. */
  get maxBatchBytes(): number {
    return this.#session.plaintextBytes - CHUNK_HEADER_BYTES
  }

  get lastSentAt(): number {
    return this.#lastSentAt
  }

  get lastReceivedAt(): number {
    return this.#lastReceivedAt
  }

  /** Frames only: what libp2p and the transport add is theirs. */
  get bytesSent(): number {
    return this.#bytesSent
  }

  get bytesReceived(): number {
    return this.#bytesReceived
  }

  /** Resolves when the message's frames are written; rejects when the channel is gone. */
  sendMessage(envelope: Uint8Array): Promise<void> {
    return this.#say({ kind: ChunkKind.message, data: envelope }, 1)
  }

  /** The same for a batch of so many messages, at most `maxBatchBytes` long. */
  sendBatch(batch: Uint8Array, messages: number): Promise<void> {
    return this.#say({ kind: ChunkKind.batch, data: batch }, messages)
  }

  #say(chunk: Chunk, messages: number): Promise<void> {
    // whoever says one thing at a time waits for nothing; while answers are missing, more of the same may come
    const isLast = !this.answers.isOwed
    this.answers.asked(chunk.data.byteLength, messages)
    return this.#queue.add({ type: FrameType.encrypted, chunk }, isLast, messages)
  }

  /** Resolves when the part's frame is written; rejects when the channel is gone. */
  sendPart(data: Uint8Array): Promise<void> {
    this.answers.grew(data.byteLength)
    return this.#enqueue(FrameType.encrypted, { kind: ChunkKind.part, data })
  }

  /** Asks for parts; one request fits a frame. */
  askForParts(data: Uint8Array): void {
    this.#enqueueQuietly(FrameType.encrypted, { kind: ChunkKind.wanted, data })
  }

  /** Tells the other side that a message is stored. `isLast`: no other is being stored. */
  acknowledge(id: Uint8Array, isLast = false): void {
    this.#queue.acknowledge(id, isLast).catch(() => undefined)
  }

  /** Sends a frame that carries nothing; the reply to it shows that the other side lives. */
  heartbeat(): void {
    this.#enqueueQuietly(FrameType.heartbeat, { kind: ChunkKind.ping, data: this.answers.ping() })
  }

  /** From now on a frame leaves each so many ms, empty where nothing waits; undefined: only where something does. */
  cover(intervalMs: number | undefined): Promise<void> {
    return this.#queue.cover(intervalMs)
  }

  get isCovered(): boolean {
    return this.#queue.isCovered
  }

  sendAddresses(data: Uint8Array): void {
    this.#enqueueQuietly(FrameType.traversal, { kind: ChunkKind.addresses, data })
  }

  /** Reads until the stream ends; call once. */
  async run(handler: ChannelHandler): Promise<void> {
    try {
      for (;;) {
        const batch = await this.#frames.read()
        if (batch.length === 0) break
        this.#lastReceivedAt = this.#now()
        this.#bytesReceived += batch.length * WIRE_FRAME_BYTES
        this.answers.heard()
        for (const frame of batch) {
          if (handler.pace !== undefined) await handler.pace()
          await this.#receive(frame, handler)
        }
        // replies pile up for somebody who sends and does not read: hear them out when they have
        if (this.#queue.count(ChunkKind.acknowledgement) > MAX_QUEUED_REPLIES)
          await this.#queue.written()
      }
      this.#finish(undefined)
    } catch (err) {
      this.#finish(asError(err))
    }
  }

  /** Says goodbye: what is queued goes out first, unless the other side takes nothing until the signal fires. */
  async close(options: { signal?: AbortSignal } = {}): Promise<void> {
    const giveUp = (): void => {
      this.#finish(undefined)
      this.#frames.abort(new SessionClosedError())
    }
    if (options.signal?.aborted === true) giveUp()
    options.signal?.addEventListener('abort', giveUp, { once: true })
    await this.cover(undefined)
    await this.#queue.written().catch(() => undefined)
    await this.#frames.close(options).catch(() => undefined)
    this.#finish(undefined)
    options.signal?.removeEventListener('abort', giveUp)
  }

  abort(err: Error): void {
    this.#finish(err)
  }

  async #receive(frame: Uint8Array, handler: ChannelHandler): Promise<void> {
    const type = frame[0]
    if (
      type !== FrameType.encrypted &&
      type !== FrameType.heartbeat &&
      type !== FrameType.traversal
    ) {
      throw new UnexpectedFrameError(`a frame of type ${String(type)} inside a session`)
    }
    const block = await this.#session.open(type, frame.subarray(1))
    for (const chunk of readChunks(block)) await this.#dispatch(type, chunk, handler)
  }

  async #dispatch(type: FrameType, chunk: Chunk, handler: ChannelHandler): Promise<void> {
    if (type === FrameType.heartbeat) {
      if (chunk.kind === ChunkKind.pong) this.answers.pong(chunk.data)
      if (chunk.kind === ChunkKind.ping) {
        // one answer says it all, however often it was asked
        if (this.#queue.count(ChunkKind.pong) === 0) {
          this.#enqueueQuietly(type, {
            kind: ChunkKind.pong,
            data: chunk.data.slice(0, PING_BYTES),
          })
        }
      }
      return
    }
    if (type === FrameType.traversal) {
      if (chunk.kind === ChunkKind.addresses) await handler.onAddresses(chunk.data)
      return
    }
    switch (chunk.kind) {
      case ChunkKind.message:
        return handler.onMessage(chunk.data)
      case ChunkKind.batch:
        return handler.onBatch(chunk.data)
      case ChunkKind.fragment: {
        const whole = this.#fragments.push(chunk.data)
        return whole === undefined ? undefined : handler.onMessage(whole)
      }
      case ChunkKind.acknowledgement:
        this.answers.answered(chunk.data.byteLength / MESSAGE_ID_BYTES)
        return handler.onAcknowledged(chunk.data)
      case ChunkKind.part:
        return handler.onPart(chunk.data)
      case ChunkKind.wanted:
        return handler.onWanted(chunk.data)
      default:
        throw new MalformedFrameError(`a chunk of kind ${chunk.kind} in a message frame`)
    }
  }

  #enqueue(type: SealedFrameType, chunk: Chunk): Promise<void> {
    return this.#queue.add({ type, chunk })
  }

  /** For what nobody waits for; a failed write ends the channel anyway. */
  #enqueueQuietly(type: SealedFrameType, chunk: Chunk): void {
    this.#enqueue(type, chunk).catch(() => undefined)
  }

  async #seal({ type, block }: Block): Promise<Uint8Array> {
    const frame = new Uint8Array(FRAME_BYTES)
    frame[0] = type
    frame.set(await this.#session.seal(type, block), 1)
    return frame
  }

  async #write(frames: readonly Uint8Array[]): Promise<void> {
    this.#lastSentAt = this.#now()
    this.#bytesSent += frames.length * WIRE_FRAME_BYTES
    await this.#frames.write(frames)
  }

  #finish(err: Error | undefined): void {
    if (this.#finished) return
    this.#finished = true
    this.#queue.end(err ?? new SessionClosedError())
    this.#session.close()
    if (err !== undefined) this.#frames.abort(err)
    else void this.#frames.close().catch(() => undefined)
    this.#closed.resolve(err)
  }
}

function asError(err: unknown): Error {
  return err instanceof Error ? err : new Error(String(err))
}
