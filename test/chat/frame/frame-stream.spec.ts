import { expect } from 'chai'
import fc from 'fast-check'
import { streamPair } from '@libp2p/utils'
import { FrameStream } from '../../../src/chat/frame/frame-stream.ts'
import { ManualStream } from '../support/manual-stream.ts'
import { failure, rejection } from '../support/rejection.ts'
import { frameOf, inPieces, onWire } from '../support/wire.ts'

function frames(count: number, from = 0): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => frameOf((from + index) & 0xff))
}

/** Reads until `count` frames have come. */
async function readAll(stream: FrameStream, count: number): Promise<Uint8Array[]> {
  const all: Uint8Array[] = []
  while (all.length < count) {
    const batch = await stream.read()
    if (batch.length === 0) break
    all.push(...batch)
  }
  return all
}

describe('frame stream', () => {
  it('carries frames both ways over a real stream, and ends with it', async () => {
    const [left, right] = (await streamPair()).map((stream) => new FrameStream(stream))
    await Promise.all([left!.write(frames(70)), right!.write(frames(3, 100))])
    expect(await readAll(right!, 70)).to.deep.equal(frames(70))
    expect(await readAll(left!, 3)).to.deep.equal(frames(3, 100))
    await left!.close()
    expect(await right!.read()).to.deep.equal([])
    await right!.close()
  })

  it('reads the same frames in any chunking', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(fc.nat(100), cuts, async (count, sizes) => {
        const stream = new ManualStream()
        const reader = new FrameStream(stream)
        const reading = readAll(reader, count)
        for (const piece of inPieces(onWire(...frames(count)), sizes)) stream.onData(piece)
        expect(await reading).to.deep.equal(frames(count))
      }),
      { numRuns: 30 },
    )
  })

  it('puts many frames into one send, each behind its prefix', async () => {
    const stream = new ManualStream()
    await new FrameStream(stream).write(frames(70))
    expect(stream.sent.map(({ byteLength }) => byteLength / 1026)).to.deep.equal([32, 32, 6])
    expect(stream.sent[2]).to.deep.equal(onWire(...frames(6, 64)))
  })

  it('waits with writing until the stream has room', async () => {
    const stream = new ManualStream()
    const writer = new FrameStream(stream)
    stream.hasRoom = false
    let written = false
    const writing = writer.write(frames(40)).then(() => (written = true))
    await new Promise(setImmediate)
    expect([stream.sent.length, written]).to.deep.equal([1, false])
    stream.drained()
    await writing
    expect(stream.sent).to.have.lengthOf(2)
  })

  it('gives up waiting for room when told to, and when the stream goes', async () => {
    const full = (): ManualStream => Object.assign(new ManualStream(), { hasRoom: false })
    const abort = new AbortController()
    const aborted = rejection(() =>
      new FrameStream(full()).write(frames(1), { signal: abort.signal }),
    )
    abort.abort()
    expect(await aborted).to.equal('AbortError')

    const stream = full()
    const writing = rejection(() => new FrameStream(stream).write(frames(1)))
    stream.onRemoteReset()
    expect(await writing).to.equal('StreamResetError')
    expect(await rejection(() => new FrameStream(stream).write(frames(1)))).to.equal(
      'StreamStateError',
    )
  })

  it('pauses the stream at 64 frames that nobody reads, and resumes after a read', async () => {
    const stream = new ManualStream()
    const reader = new FrameStream(stream)
    stream.onData(onWire(...frames(63)))
    expect(stream.readStatus).to.equal('readable')
    stream.onData(onWire(...frames(1, 63)))
    expect(stream.readStatus).to.equal('paused')
    stream.onData(onWire(...frames(10, 64)))
    expect(stream.readBufferLength).to.equal(10 * 1026)

    expect(await reader.read()).to.deep.equal(frames(64))
    expect(stream.readStatus).to.equal('readable')
    expect(await reader.read()).to.deep.equal(frames(10, 64))
    expect(stream.calls).to.deep.equal(['pause', 'resume'])
  })

  it('hands out all that came before the other side closed, even while paused', async () => {
    const stream = new ManualStream()
    const reader = new FrameStream(stream)
    stream.onData(onWire(...frames(64)))
    stream.onData(onWire(...frames(6, 64)))
    stream.onRemoteCloseWrite()
    expect(await readAll(reader, 70)).to.deep.equal(frames(70))
    expect(await reader.read()).to.deep.equal([])
  })

  it('hands out what it has when the other side resets, then the error', async () => {
    const stream = new ManualStream()
    const reader = new FrameStream(stream)
    stream.onData(onWire(...frames(2)))
    stream.onRemoteReset()
    expect(await reader.read()).to.deep.equal(frames(2))
    expect(await rejection(() => reader.read())).to.equal('StreamResetError')
  })

  it('ends at once on a stream that had ended before, with what it still has', async () => {
    const ends: ((stream: ManualStream) => void)[] = [
      (stream) => stream.onRemoteCloseWrite(),
      (stream) => stream.onRemoteReset(),
      (stream) => stream.onTransportClosed(),
      (stream) => stream.abort(new Error('before anybody listened')),
    ]
    for (const end of ends) {
      const stream = new ManualStream()
      end(stream)
      expect(await new FrameStream(stream).read()).to.deep.equal([])
    }
    const stream = new ManualStream()
    stream.onData(onWire(frameOf(1)))
    stream.onTransportClosed()
    const reader = new FrameStream(stream)
    expect(await reader.read()).to.deep.equal([frameOf(1)])
    expect(await reader.read()).to.deep.equal([])
  })

  it('gives frames that were put back to the next reader, before newer ones', async () => {
    const stream = new ManualStream()
    const reader = new FrameStream(stream)
    stream.onData(onWire(...frames(3)))
    const [, ...later] = await reader.read()
    reader.unread(later)
    stream.onData(onWire(...frames(1, 3)))
    expect(await reader.read()).to.deep.equal(frames(3, 1))
  })

  it('aborts on a frame of the wrong size: this stream, and no other', async () => {
    const [bad, good] = [new ManualStream(), new ManualStream()]
    const [badReader, goodReader] = [new FrameStream(bad), new FrameStream(good)]
    const reading = rejection(() => badReader.read())
    bad.onData(Uint8Array.of(0x81, 0x08))
    expect(await reading).to.equal('FrameSizeError')
    expect([bad.status, good.status]).to.deep.equal(['aborted', 'open'])
    expect(bad.calls).to.deep.equal(['reset'])
    good.onData(onWire(frameOf(1)))
    expect(await goodReader.read()).to.have.lengthOf(1)
    // and stays that way
    bad.onData(onWire(frameOf(1)))
    expect(await rejection(() => badReader.read())).to.equal('FrameSizeError')
  })

  it('hands out the good frames before the bad one, then the error', async () => {
    const stream = new ManualStream()
    const reader = new FrameStream(stream)
    stream.onData(onWire(frameOf(1)))
    stream.onData(Uint8Array.of(0xff, 0xff))
    expect(await reader.read()).to.deep.equal([frameOf(1)])
    expect(await rejection(() => reader.read())).to.equal('FrameSizeError')
  })

  it('stops reading when the signal says so, and reads on afterwards', async () => {
    const stream = new ManualStream()
    const reader = new FrameStream(stream)
    const abort = new AbortController()
    const reading = failure(() => reader.read({ signal: abort.signal }))
    abort.abort(new RangeError('enough'))
    expect(await reading).to.include({ name: 'RangeError', message: 'enough' })
    expect(await rejection(() => reader.read({ signal: abort.signal }))).to.equal('RangeError')
    stream.onData(onWire(frameOf(1)))
    expect(await reader.read()).to.deep.equal([frameOf(1)])
  })

  it('rejects a waiting reader with what the stream was aborted with', async () => {
    const stream = new ManualStream()
    const reader = new FrameStream(stream)
    const reading = failure(() => reader.read())
    reader.abort(new TypeError('we had enough'))
    expect(await reading).to.have.property('name', 'TypeError')
    expect(stream.status).to.equal('aborted')
  })

  it('lets nothing go unhandled, whatever comes when', async () => {
    const unhandled: unknown[] = []
    const note = (err: unknown): void => void unhandled.push(err)
    process.on('unhandledRejection', note)
    process.on('uncaughtException', note)
    try {
      const actions: ((stream: ManualStream, reader: FrameStream) => void)[] = [
        (stream) => stream.onData(Uint8Array.of(0x80)),
        (stream) => stream.onData(onWire(...frames(65))),
        (stream) => stream.onRemoteReset(),
        (stream) => stream.onRemoteCloseWrite(),
        (stream) => stream.onTransportClosed(),
        (_, reader) => reader.abort(new Error('ours')),
        (_, reader) => void reader.close().catch(() => undefined),
        (_, reader) => void reader.read({ signal: AbortSignal.abort() }).catch(() => undefined),
        (_, reader) => void reader.read({ signal: AbortSignal.timeout(1) }).catch(() => undefined),
      ]
      const order = fc.array(fc.constantFrom(...actions), { maxLength: 8 })
      await fc.assert(
        fc.asyncProperty(order, async (steps) => {
          const stream = new ManualStream()
          const reader = new FrameStream(stream)
          for (const step of steps) {
            step(stream, reader)
            await Promise.resolve()
          }
          reader.abort(new Error('the end'))
        }),
      )
      await new Promise((resolve) => setTimeout(resolve, 5))
    } finally {
      process.off('unhandledRejection', note)
      process.off('uncaughtException', note)
    }
    expect(unhandled).to.deep.equal([])
  })
})
