import { concatBytes } from '../../crypto/bytes.ts'
import { SessionClosedError } from '../../crypto/errors.ts'
import { ChunkKind } from '../frame/chunks.ts'
import { FrameType } from '../frame/constants.ts'
import { ConstantRate } from './constant-rate.ts'
import { Gathering } from './gathering.ts'
import { runsByType, type Block, type Packet } from './packets.ts'
import type { FramePacker } from '../frame/frame-packer.ts'

/** Ids that share one acknowledgement chunk: half a frame's worth. */
const MAX_ACKNOWLEDGEMENT_BYTES = 512

export interface SendQueueInit {
  readonly packer: FramePacker
  /** Makes a frame of a block; never called before the frame of the call before has been made. */
  readonly seal: (block: Block) => Promise<Uint8Array>
  /** Resolves when the stream takes more. */
  readonly write: (frames: readonly Uint8Array[]) => Promise<void>
  /** Nothing can be sent any more; `end` follows. */
  readonly onError: (err: unknown) => void
}

/**
 * Packets on their way into frames, and the only place that seals and writes: a session's frames must leave in the order
 * of their counters. As soon as there is something to say, or, under cover, one frame each tick whatever there is to say.
 */
export class SendQueue {
  readonly #init: SendQueueInit
  readonly #gathering = new Gathering()
  #packets: Packet[] = []
  #writing: Promise<void> | undefined
  /** Set while a frame leaves each tick. */
  #rate: ConstantRate | undefined
  #switching: Promise<void> = Promise.resolve()
  /** What waits for its tick, cut into blocks. */
  #blocks: Block[] = []
  /** Resolves when all of that has left. */
  #emptied: PromiseWithResolvers<undefined> | undefined
  #ended = false

  constructor(init: SendQueueInit) {
    this.#init = init
  }

  /** How much waits for the wire. */
  get size(): number {
    return this.#packets.length + this.#blocks.length
  }

  get isCovered(): boolean {
    return this.#rate !== undefined
  }

  /** Chunks of one kind that wait. */
  count(kind: ChunkKind): number {
    return this.#packets.filter(({ chunk }) => chunk.kind === kind).length
  }

  /**
   * Resolves when its frames are written. `isLast`: no other is expected to follow and share them. `messages`: how many
   * are in it.
   */
  add(packet: Packet, isLast = false, messages = 1): Promise<void> {
    if (this.#ended) return Promise.reject(new SessionClosedError())
    this.#packets.push(packet)
    if (this.#rate !== undefined) {
      this.#emptied ??= Promise.withResolvers<undefined>()
      return this.#emptied.promise
    }
    this.#gathering.add(isLast, messages)
    this.#writing ??= this.#drain()
    return this.#writing
  }

  /** An id that shares the chunk of those before it, where they still wait. */
  acknowledge(id: Uint8Array, isLast: boolean): Promise<void> {
    const last = this.#packets.at(-1)?.chunk
    let data = id
    if (
      last?.kind === ChunkKind.acknowledgement &&
      last.data.byteLength + id.byteLength <= MAX_ACKNOWLEDGEMENT_BYTES
    ) {
      this.#packets.pop()
      data = concatBytes(last.data, id)
    }
    const chunk = { kind: ChunkKind.acknowledgement, data }
    return this.add({ type: FrameType.encrypted, chunk }, isLast)
  }

  /** Resolves when nothing is being written. @throws what the write that is under way does */
  async written(): Promise<void> {
    await this.#writing
  }

  /** From now on a frame leaves each so many ms, empty where nothing waits; undefined: only where something does. */
  cover(intervalMs: number | undefined): Promise<void> {
    const switched = this.#switching.then(() => this.#switchCover(intervalMs))
    this.#switching = switched.catch(this.#init.onError)
    return this.#switching
  }

  /** Whatever waits does not leave any more. */
  end(err: Error): void {
    this.#ended = true
    void this.#rate?.stop()
    this.#emptied?.promise.catch(() => undefined)
    this.#emptied?.reject(err)
  }

  async #drain(): Promise<void> {
    try {
      while (this.#packets.length > 0) {
        // what is queued in the same turn of the event loop goes out together, as the answers to all frames of one read
        await this.#gathering.done()
        for (const blocks of this.#pack()) {
          const frames: Uint8Array[] = []
          for (const block of blocks) frames.push(await this.#init.seal(block))
          await this.#init.write(frames)
        }
      }
    } catch (err) {
      this.#init.onError(err)
      throw err
    } finally {
      // at once, in the turn that saw the queue empty: what is queued next starts a drain of its own
      this.#writing = undefined
    }
  }

  /** All packets that wait as blocks, those of each run of one type together. */
  #pack(): Block[][] {
    const { packer } = this.#init
    return runsByType(this.#packets.splice(0)).map(([type, chunks]) =>
      packer.pack(chunks).map((block) => ({ type, block })),
    )
  }

  async #switchCover(intervalMs: number | undefined): Promise<void> {
    if (this.#rate !== undefined) await this.#uncover(this.#rate)
    if (intervalMs === undefined || this.#ended) return
    while (this.#writing !== undefined) await this.#writing
    if (this.#isOver()) return
    const { seal, write, onError } = this.#init
    this.#rate = new ConstantRate({
      intervalMs,
      prepare: () => seal(this.#nextBlock()),
      write: (frame) => write([frame]),
      onError,
      elapsed: () => performance.now(),
    })
  }

  /** What was sealed leaves first, then what waits, and from then on as it comes. */
  async #uncover(rate: ConstantRate): Promise<void> {
    const { seal, write } = this.#init
    const sealed = await rate.stop()
    if (this.#isOver()) return
    if (sealed !== undefined) await write([sealed])
    for (let block = this.#blocks.shift(); block !== undefined; block = this.#blocks.shift()) {
      await write([await seal(block)])
    }
    this.#rate = undefined
    const emptied = this.#emptied
    this.#emptied = undefined
    if (this.#packets.length > 0) this.#writing ??= this.#drain()
    if (emptied === undefined) return
    Promise.resolve(this.#writing).then(() => {
      emptied.resolve(undefined)
    }, emptied.reject)
  }

  /** Of what waits, or of nothing. */
  #nextBlock(): Block {
    if (this.#blocks.length === 0) this.#blocks = this.#pack().flat()
    const next = this.#blocks.shift()
    if (next !== undefined) return next
    // whatever waited before has left
    this.#emptied?.resolve(undefined)
    this.#emptied = undefined
    const [block = new Uint8Array()] = this.#init.packer.pack([])
    return { type: FrameType.encrypted, block }
  }

  #isOver(): boolean {
    return this.#ended
  }
}
