import { expect } from 'chai'
import { concatBytes } from '../../../src/crypto/bytes.ts'
import { Channel } from '../../../src/chat/direct/channel.ts'
import { ChunkKind, readChunks, type Chunk } from '../../../src/chat/frame/chunks.ts'
import { FrameType } from '../../../src/chat/frame/constants.ts'
import { FrameDecoder } from '../../../src/chat/frame/frame-decoder.ts'
import { FramePacker } from '../../../src/chat/frame/frame-packer.ts'
import { MAX_ENVELOPE_BYTES } from '../../../src/chat/message/envelope.ts'
import { channelPair, manualChannel, NOW, Recorder } from '../support/channels.ts'
import { seededBytes } from '../support/random.ts'
import { rejection } from '../support/rejection.ts'
import { onWire } from '../support/wire.ts'
import type { Session } from '../../../src/crypto/session.ts'

const random = seededBytes(3)

/** Frames as an honest sender makes them. */
async function seal(
  session: Session,
  type: number,
  chunks: readonly Chunk[],
): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = []
  for (const block of new FramePacker(session.plaintextBytes, random).pack(chunks)) {
    frames.push(concatBytes(Uint8Array.of(type), await session.seal(type, block)))
  }
  return frames
}

async function sealMessage(session: Session, data: Uint8Array): Promise<Uint8Array> {
  const [frame] = await seal(session, FrameType.encrypted, [{ kind: ChunkKind.message, data }])
  return frame!
}

/** The chunks in what a channel wrote, a list for each frame. */
async function opened(session: Session, sent: readonly Uint8Array[]): Promise<Chunk[][]> {
  const decoder = new FrameDecoder()
  const lists: Chunk[][] = []
  for (const frame of sent.flatMap((bytes) => decoder.push(bytes))) {
    lists.push(readChunks(await session.open(frame[0]!, frame.subarray(1))))
  }
  return lists
}

/** Lets everything go on that waits for nothing outside: what comes in, and at the turn's end the answer to it. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((done) => setImmediate(done))
}

describe('channel', () => {
  it('carries messages, acknowledgements and addresses to the other end, in order', async () => {
    const [left, right] = await channelPair()
    const recorder = new Recorder()
    const ends = [left.run(new Recorder()), right.run(recorder)]
    const messages = [10, 5000, 0, 900, 60_000].map(random)
    for (const message of messages) void left.sendMessage(message)
    left.acknowledge(random(16))
    left.sendAddresses(Uint8Array.of(1, 2))
    await recorder.received(messages.length)
    await left.close()
    await Promise.all(ends)
    expect(recorder.messages).to.deep.equal(messages)
    expect(recorder.acknowledged).to.have.lengthOf(1)
    expect(recorder.addresses).to.deep.equal([Uint8Array.of(1, 2)])
    expect([await left.closed, await right.closed]).to.deep.equal([undefined, undefined])
  })

  it('puts what is queued in one turn into one frame', async () => {
    const { channel, stream, remote } = await manualChannel()
    const data = [1, 2, 3].map((length) => random(length))
    await Promise.all(data.map((envelope) => channel.sendMessage(envelope)))
    const [first, ...others] = await opened(remote, stream.sent)
    expect(first!.map((chunk) => chunk.data)).to.deep.equal(data)
    expect(others).to.deep.equal([])
  })

  it('shares the next frames among all that was queued while a write was under way', async () => {
    const { channel, stream, remote } = await manualChannel()
    stream.hasRoom = false
    const first = channel.sendMessage(random(1))
    await settled()
    const later = [2, 3, 4].map((length) => channel.sendMessage(random(length)))
    await settled()
    expect(stream.sent).to.have.lengthOf(1)
    stream.drained()
    await Promise.all([first, ...later])
    const lists = await opened(remote, stream.sent)
    expect(lists.map((chunks) => chunks.map(({ data }) => data.byteLength))).to.deep.equal([
      [1],
      [2, 3, 4],
    ])
  })

  it('sends what is queued in the very turn in which the write before it ends', async () => {
    for (let turns = 0; turns < 40; turns++) {
      const { channel, stream, remote } = await manualChannel()
      const first = channel.sendMessage(random(1))
      // the write takes some number of turns: one of these hits its last
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      const second = channel.sendMessage(random(2))
      await Promise.all([first, second])
      const sizes = (await opened(remote, stream.sent)).flat().map(({ data }) => data.byteLength)
      expect(sizes, `after ${turns} turns`).to.deep.equal([1, 2])
    }
  })

  it('keeps different types in frames of their own, in the order they were queued', async () => {
    const { channel, stream, remote } = await manualChannel()
    channel.heartbeat()
    channel.sendAddresses(Uint8Array.of(1))
    void channel.sendMessage(random(1))
    channel.heartbeat()
    await settled()
    const types = new FrameDecoder().push(concatBytes(...stream.sent)).map(([type]) => type)
    expect(types).to.deep.equal([4, 5, 3, 4])
    expect(await opened(remote, stream.sent)).to.have.lengthOf(4)
  })

  it('lets acknowledgements share a chunk, 32 to each', async () => {
    const { channel, stream, remote } = await manualChannel()
    const ids = Array.from({ length: 40 }, () => random(16))
    for (const id of ids) channel.acknowledge(id)
    await settled()
    const chunks = (await opened(remote, stream.sent)).flat()
    expect(chunks.map(({ kind, data }) => [kind, data.byteLength])).to.deep.equal([
      [ChunkKind.acknowledgement, 512],
      [ChunkKind.acknowledgement, 128],
    ])
    expect(concatBytes(...chunks.map(({ data }) => data))).to.deep.equal(concatBytes(...ids))
  })

  it('answers all frames of one read with one frame', async () => {
    const { channel, stream, remote } = await manualChannel()
    const ids = Array.from({ length: 10 }, () => random(16))
    const frames = await Promise.all(ids.map((id) => sealMessage(remote, id)))
    void channel.run({
      onMessage: (id) => {
        channel.acknowledge(id)
        return Promise.resolve()
      },
      onAcknowledged: () => Promise.resolve(),
      onPart: () => Promise.resolve(),
      onBatch: () => Promise.resolve(),
      onWanted: () => Promise.resolve(),
      onAddresses: () => Promise.resolve(),
    })
    stream.onData(onWire(...frames))
    await settled()
    expect(await opened(remote, stream.sent)).to.deep.equal([
      [{ kind: ChunkKind.acknowledgement, data: concatBytes(...ids) }],
    ])
  })

  it('lets a long turn wait with no more than sixteen', async () => {
    const { channel, stream, remote } = await manualChannel()
    const ids = Array.from({ length: 40 }, () => random(16))
    for (const id of ids) {
      channel.acknowledge(id)
      // still the same turn, in which other work goes on
      for (let step = 0; step < 50; step++) await Promise.resolve()
    }
    const sent = stream.sent.length
    await settled()
    const frames = await opened(remote, stream.sent)
    expect(frames.flat().map(({ data }) => data.byteLength / 16)).to.deep.equal([16, 16, 8])
    expect(sent).to.equal(2)
  })

  it('lets the only message, and the last acknowledgement, wait for no turn of the event loop to end', async () => {
    const { channel, stream } = await manualChannel()
    const frames = async (): Promise<number> => {
      for (let hop = 0; hop < 60; hop++) await Promise.resolve()
      return stream.sent.reduce((sum, { byteLength }) => sum + byteLength, 0) / 1026
    }
    void channel.sendMessage(random(10))
    expect(await frames()).to.equal(1)
    void channel.sendMessage(random(10))
    channel.acknowledge(random(16))
    expect(await frames()).to.equal(1)
    channel.acknowledge(random(16), true)
    expect(await frames()).to.equal(2)
    await channel.close()
  })

  it('says that it is congested while more than 256 packets wait', async () => {
    const { channel, stream } = await manualChannel()
    stream.hasRoom = false
    const sending = Array.from({ length: 300 }, () => channel.sendMessage(random(500)))
    expect(channel.isCongested).to.be.true
    stream.drained()
    await Promise.all(sending)
    expect(channel.isCongested).to.be.false
  })

  it('answers a ping with the same bytes', async () => {
    const { channel, stream, remote } = await manualChannel()
    void channel.run(new Recorder())
    const ping = { kind: ChunkKind.ping, data: random(8) }
    stream.onData(onWire(...(await seal(remote, FrameType.heartbeat, [ping]))))
    await settled()
    expect(await opened(remote, stream.sent)).to.deep.equal([
      [{ kind: ChunkKind.pong, data: ping.data }],
    ])
  })

  it('notes when it last sent and received', async () => {
    let now = NOW
    const { channel, stream, remote } = await manualChannel(() => now)
    void channel.run(new Recorder())
    now += 1000
    await channel.sendMessage(random(1))
    now += 1000
    stream.onData(onWire(await sealMessage(remote, random(1))))
    await settled()
    expect([channel.lastSentAt, channel.lastReceivedAt]).to.deep.equal([NOW + 1000, NOW + 2000])
  })
})

describe('channel, against a dishonest peer', () => {
  /** Runs a channel on the bytes that `make` gives, next to another that must not notice. */
  async function fate(
    make: (remote: Session) => Promise<Uint8Array[]> | Uint8Array[],
    recorder = new Recorder(),
  ): Promise<string | undefined> {
    const [victim, other] = await Promise.all([manualChannel(), manualChannel()])
    const otherRecorder = new Recorder()
    void other.channel.run(otherRecorder)
    const running = victim.channel.run(recorder)
    for (const bytes of await make(victim.remote)) victim.stream.onData(bytes)
    await running
    const error = await victim.channel.closed
    expect(victim.stream.status).to.equal('aborted')
    expect(await rejection(() => victim.channel.sendMessage(random(1)))).to.equal(
      'SessionClosedError',
    )

    other.stream.onData(onWire(await sealMessage(other.remote, random(5))))
    await settled()
    expect(otherRecorder.messages).to.have.lengthOf(1)
    expect(other.stream.status).to.equal('open')
    return error?.name
  }

  it('refuses a frame that comes twice, having taken it once', async () => {
    const recorder = new Recorder()
    const name = await fate(async (remote) => {
      const frame = await sealMessage(remote, random(10))
      return [onWire(frame), onWire(frame)]
    }, recorder)
    expect(name).to.equal('ReplayedFrameError')
    expect(recorder.messages).to.have.lengthOf(1)
  })

  it('refuses a frame of which any one bit was altered', async () => {
    for (const at of [9, 100, 500, 1023]) {
      const name = await fate(async (remote) => {
        const frame = await sealMessage(remote, random(10))
        frame[at]! ^= 1
        return [onWire(frame)]
      })
      expect(name).to.equal('DecryptionError')
    }
  })

  it('refuses a heartbeat that was made a message', async () => {
    const name = await fate(async (remote) => {
      const ping = { kind: ChunkKind.ping, data: random(8) }
      const [frame] = await seal(remote, FrameType.heartbeat, [ping])
      frame![0] = FrameType.encrypted
      return [onWire(frame!)]
    })
    expect(name).to.equal('DecryptionError')
  })

  it('refuses a handshake, and a frame of an unknown type, inside a session', async () => {
    for (const type of [0, FrameType.handshake, FrameType.response, 6, 0xff]) {
      const name = await fate(() => [onWire(new Uint8Array(1024).fill(type))])
      expect(name).to.equal('UnexpectedFrameError')
    }
  })

  it('refuses a frame that was never sealed', async () => {
    const plain = new Uint8Array(1024)
    plain.set([FrameType.encrypted, 0, 0, 0, 0, 0, 0, 0, 0, ChunkKind.message, 0, 1, 7])
    expect(await fate(() => [onWire(plain)])).to.equal('DecryptionError')
  })

  it('refuses a frame that claims another size', async () => {
    expect(await fate(() => [Uint8Array.of(0x81, 0x08)])).to.equal('FrameSizeError')
  })

  it('refuses a block whose chunks do not parse, and a kind that has no place', async () => {
    const block = new Uint8Array(2000)
    block.set([ChunkKind.message, 0xff, 0xff])
    const name = await fate(async (remote) => {
      const sealed = await remote.seal(3, block.subarray(0, remote.plaintextBytes))
      return [onWire(concatBytes(Uint8Array.of(3), sealed))]
    })
    expect(name).to.equal('MalformedFrameError')
    const kinds = await Promise.all(
      [ChunkKind.ping, ChunkKind.addresses, 77].map((kind) =>
        fate(async (remote) => {
          const frames = await seal(remote, FrameType.encrypted, [{ kind, data: random(8) }])
          return [onWire(...frames)]
        }),
      ),
    )
    expect(kinds).to.deep.equal(Array(3).fill('MalformedFrameError'))
  })

  it('refuses a split message longer than any may be, before it holds more', async () => {
    const name = await fate(async (remote) => {
      const envelope = { kind: ChunkKind.message, data: new Uint8Array(MAX_ENVELOPE_BYTES + 1) }
      return [onWire(...(await seal(remote, FrameType.encrypted, [envelope])))]
    })
    expect(name).to.equal('MalformedFrameError')
  })

  it('ends with what its handler throws', async () => {
    const recorder = new Recorder()
    recorder.onMessage = () => Promise.reject(new TypeError('not this'))
    const name = await fate(
      async (remote) => [onWire(await sealMessage(remote, random(1)))],
      recorder,
    )
    expect(name).to.equal('TypeError')
  })

  it('ignores what it does not know in heartbeats and traversal frames', async () => {
    const { channel, stream, remote } = await manualChannel()
    const recorder = new Recorder()
    void channel.run(recorder)
    for (const type of [FrameType.heartbeat, FrameType.traversal]) {
      stream.onData(onWire(...(await seal(remote, type, [{ kind: 77, data: random(3) }]))))
    }
    stream.onData(onWire(await sealMessage(remote, random(1))))
    await settled()
    expect(recorder.messages).to.have.lengthOf(1)
    expect(stream.status).to.equal('open')
  })
})

describe('channel, at its end', () => {
  it('sends what is queued before it says goodbye', async () => {
    const [left, right] = await channelPair()
    const recorder = new Recorder()
    const ends = [left.run(new Recorder()), right.run(recorder)]
    const messages = Array.from({ length: 100 }, () => random(700))
    for (const message of messages) void left.sendMessage(message)
    await left.close()
    await Promise.all(ends)
    expect(recorder.messages).to.deep.equal(messages)
  })

  it('rejects whoever waits for a write when the stream is lost', async () => {
    const { channel, stream } = await manualChannel()
    const running = channel.run(new Recorder())
    stream.hasRoom = false
    const sending = rejection(() => channel.sendMessage(random(1)))
    await settled()
    stream.onRemoteReset()
    expect(await sending).to.equal('StreamResetError')
    await running
    expect((await channel.closed)?.name).to.equal('StreamResetError')
  })

  it('closes in the time it is given when the other side takes nothing', async () => {
    const { channel, stream } = await manualChannel()
    void channel.run(new Recorder())
    stream.hasRoom = false
    channel.sendMessage(random(1)).catch(() => undefined)
    await settled()
    await channel.close({ signal: AbortSignal.timeout(5) })
    await channel.closed
    expect(stream.writeStatus).to.equal('closed')
  })

  it('aborts with a name, once', async () => {
    const { channel, stream } = await manualChannel()
    const running = channel.run(new Recorder())
    channel.abort(new RangeError('first'))
    channel.abort(new TypeError('second'))
    await running
    expect((await channel.closed)?.name).to.equal('RangeError')
    expect(stream.status).to.equal('aborted')
    expect(channel).to.be.instanceOf(Channel)
  })
})
