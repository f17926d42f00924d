import { streamPair } from '@libp2p/utils'
import { Channel, type ChannelHandler } from '../../../src/chat/direct/channel.ts'
import { ChunkKind, readChunks } from '../../../src/chat/frame/chunks.ts'
import { FRAME_BYTES, FrameType } from '../../../src/chat/frame/constants.ts'
import { FramePacker } from '../../../src/chat/frame/frame-packer.ts'
import { FrameStream } from '../../../src/chat/frame/frame-stream.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { ManualStream } from './manual-stream.ts'
import { sessionPair } from './sessions.ts'
import { onWire } from './wire.ts'

export const NOW = 1_700_000_000_000

const randomBytes = (length: number): Uint8Array => nodeCrypto.randomBytes(length)

/** A handler that notes what it was given. */
export class Recorder implements ChannelHandler {
  readonly messages: Uint8Array[] = []
  readonly acknowledged: Uint8Array[] = []
  readonly addresses: Uint8Array[] = []
  readonly parts: Uint8Array[] = []
  readonly batches: Uint8Array[] = []
  readonly wanted: Uint8Array[] = []
  #waiting: { count: number; resolve: () => void } | undefined

  onMessage(envelope: Uint8Array): Promise<void> {
    this.messages.push(envelope.slice())
    if (this.#waiting !== undefined && this.messages.length >= this.#waiting.count) {
      this.#waiting.resolve()
    }
    return Promise.resolve()
  }

  onAcknowledged(ids: Uint8Array): Promise<void> {
    this.acknowledged.push(ids.slice())
    return Promise.resolve()
  }

  onAddresses(data: Uint8Array): Promise<void> {
    this.addresses.push(data.slice())
    return Promise.resolve()
  }

  onPart(data: Uint8Array): Promise<void> {
    this.parts.push(data.slice())
    return Promise.resolve()
  }

  onBatch(batch: Uint8Array): Promise<void> {
    this.batches.push(batch.slice())
    return Promise.resolve()
  }

  onWanted(data: Uint8Array): Promise<void> {
    this.wanted.push(data.slice())
    return Promise.resolve()
  }

  /** Resolves once `count` messages have come in. */
  received(count: number): Promise<void> {
    if (this.messages.length >= count) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting = { count, resolve }
    })
  }
}

/** Two channels that talk to each other over an in-memory stream, with real keys; each side has a clock of its own. */
export async function channelPair(
  now: () => number = () => NOW,
  otherNow: () => number = now,
): Promise<[Channel, Channel]> {
  const [sessions, streams] = await Promise.all([sessionPair(now(), otherNow()), streamPair()])
  const [left, right] = [now, otherNow].map(
    (clock, side) =>
      new Channel(new FrameStream(streams[side]!), sessions[side]!, randomBytes, clock),
  )
  return [left!, right!]
}

/**
 * A channel on a stream that the test holds in its hands, and the session at the other end: what the channel gets
 * is what the test seals.
 */
export async function manualChannel(now: () => number = () => NOW) {
  const [session, remote] = await sessionPair(now())
  const stream = new ManualStream()
  const channel = new Channel(new FrameStream(stream), session, randomBytes, now)
  return { channel, stream, remote }
}

/** The other side answers the last ping, whichever frame it was in. */
export async function answerPing({
  stream,
  remote,
}: Pick<Awaited<ReturnType<typeof manualChannel>>, 'stream' | 'remote'>): Promise<void> {
  const block = await remote.open(FrameType.heartbeat, stream.sent.at(-1)!.subarray(3))
  const [ping] = [...readChunks(block)]
  const packer = new FramePacker(remote.plaintextBytes, randomBytes)
  const [pong] = packer.pack([{ kind: ChunkKind.pong, data: ping!.data }])
  const frame = new Uint8Array(FRAME_BYTES)
  frame[0] = FrameType.heartbeat
  frame.set(await remote.seal(FrameType.heartbeat, pong!), 1)
  stream.onData(onWire(frame))
}
