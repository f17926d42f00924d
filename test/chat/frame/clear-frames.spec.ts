import { expect } from 'chai'
import fc from 'fast-check'
import { ClearFrameAssembler, encodeClearFrames } from '../../../src/chat/frame/clear-frames.ts'
import {
  CLEAR_DATA_BYTES,
  CLEAR_HEADER_BYTES,
  FRAME_BYTES,
  FrameType,
  MAX_CLEAR_FRAMES,
} from '../../../src/chat/frame/constants.ts'
import { seededBytes } from '../support/random.ts'
import { rejection } from '../support/rejection.ts'

const MAX_MESSAGE_BYTES = CLEAR_DATA_BYTES * MAX_CLEAR_FRAMES
const random = seededBytes(1)

function encode(message: Uint8Array): Uint8Array[] {
  return encodeClearFrames(FrameType.handshake, message, random)
}

function assemble(frames: readonly Uint8Array[]): Uint8Array | undefined {
  const assembler = new ClearFrameAssembler(FrameType.handshake)
  let whole: Uint8Array | undefined
  for (const frame of frames) {
    expect(whole).to.equal(undefined)
    whole = assembler.push(frame)
  }
  return whole
}

/** The frames of a message that takes three, with bytes of one of them written over. */
function altered(index: number, changes: Record<number, number>): Uint8Array[] {
  const frames = encode(new Uint8Array(2 * CLEAR_DATA_BYTES + 10))
  for (const [at, value] of Object.entries(changes)) frames[index]![Number(at)] = value
  return frames
}

describe('clear frames', () => {
  it('carry a message of any length up to the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_MESSAGE_BYTES }), (length) => {
        const message = random(length)
        const frames = encode(message)
        expect(frames).to.have.lengthOf(Math.max(1, Math.ceil(length / CLEAR_DATA_BYTES)))
        for (const frame of frames) expect(frame).to.have.lengthOf(FRAME_BYTES)
        expect(assemble(frames)).to.deep.equal(message)
      }),
      {
        numRuns: 40,
        examples: [[0], [CLEAR_DATA_BYTES], [CLEAR_DATA_BYTES + 1], [MAX_MESSAGE_BYTES]],
      },
    )
  })

  it('are not made of a message beyond the limit', async () => {
    expect(await rejection(() => encode(new Uint8Array(MAX_MESSAGE_BYTES + 1)))).to.equal(
      'RangeError',
    )
  })

  it('have the layout type, index, count, length, data', () => {
    const frames = encode(new Uint8Array(CLEAR_DATA_BYTES + 0x0102).fill(0xaa))
    expect([...frames[0]!.subarray(0, 6)]).to.deep.equal([1, 0, 2, 0x03, 0xfb, 0xaa])
    expect([...frames[1]!.subarray(0, 6)]).to.deep.equal([1, 1, 2, 0x01, 0x02, 0xaa])
  })

  it('fill the rest with random bytes', () => {
    const [first] = encode(new Uint8Array(10))
    const [second] = encode(new Uint8Array(10))
    const rest = CLEAR_HEADER_BYTES + 10
    expect(first!.subarray(rest)).to.not.deep.equal(second!.subarray(rest))
    expect(new Set(first!.subarray(rest)).size).to.be.greaterThan(200)
  })

  it('are refused when the type is another', async () => {
    for (const type of [0, FrameType.response, FrameType.encrypted, 0xff]) {
      expect(await rejection(() => assemble(altered(0, { 0: type })))).to.equal(
        'UnexpectedFrameError',
      )
    }
  })

  const malformed: [string, number, Record<number, number>][] = [
    ['starts in the middle', 0, { 1: 1 }],
    ['leaves a part out', 1, { 1: 2 }],
    ['repeats a part', 1, { 1: 0 }],
    ['claims no parts', 0, { 2: 0 }],
    ['claims more parts than are allowed', 0, { 2: MAX_CLEAR_FRAMES + 1 }],
    ['changes its mind about the number of parts', 1, { 2: 2 }],
    ['claims more data than a frame holds', 1, { 3: 0x03, 4: 0xfc }],
    ['claims far more data than a frame holds', 1, { 3: 0xff, 4: 0xff }],
  ]
  for (const [what, index, changes] of malformed) {
    it(`are refused when one ${what}`, async () => {
      expect(await rejection(() => assemble(altered(index, changes)))).to.equal(
        'MalformedFrameError',
      )
    })
  }

  it('never fail in another way, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 12 }), { minLength: 1 }),
        async (frames) => {
          const assembler = new ClearFrameAssembler(FrameType.handshake)
          const name = await rejection(() => {
            for (const frame of frames) assembler.push(frame)
            throw new RangeError('all were taken')
          })
          expect(name).to.be.oneOf(['UnexpectedFrameError', 'MalformedFrameError', 'RangeError'])
        },
      ),
    )
  })
})
