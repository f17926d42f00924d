import { expect } from 'chai'
import fc from 'fast-check'
import { Uint8ArrayList } from 'uint8arraylist'
import { concatBytes } from '../../../src/crypto/bytes.ts'
import { FRAME_BYTES, WIRE_FRAME_BYTES } from '../../../src/chat/frame/constants.ts'
import { FrameDecoder } from '../../../src/chat/frame/frame-decoder.ts'
import { rejection } from '../support/rejection.ts'
import { frameOf, inPieces, onWire } from '../support/wire.ts'

const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 12 })

describe('frame decoder', () => {
  it('finds the same frames in any chunking, and never keeps a whole one back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(255), { maxLength: 6 }), sizes, (fills, cuts) => {
        const decoder = new FrameDecoder()
        const frames = fills.map(frameOf)
        const found = inPieces(onWire(...frames), cuts).flatMap((piece) => {
          const out = decoder.push(piece)
          expect(decoder.pendingBytes).to.be.lessThan(WIRE_FRAME_BYTES)
          return out
        })
        expect(found).to.deep.equal(frames)
        expect(decoder.pendingBytes).to.equal(0)
      }),
    )
  })

  it('takes a list of byte arrays as libp2p hands them over', () => {
    const wire = onWire(frameOf(3), frameOf(4))
    const list = new Uint8ArrayList(
      wire.subarray(0, 1),
      wire.subarray(1, 1500),
      wire.subarray(1500),
    )
    expect(new FrameDecoder().push(list)).to.deep.equal([frameOf(3), frameOf(4)])
  })

  it('hands out frames that do not change when the buffer they came in is reused', () => {
    const wire = onWire(frameOf(7))
    const [frame] = new FrameDecoder().push(wire)
    wire.fill(0)
    expect(frame).to.deep.equal(frameOf(7))
  })

  it('waits for the second byte before it judges a prefix', () => {
    const decoder = new FrameDecoder()
    expect(decoder.push(Uint8Array.of(0x81))).to.deep.equal([])
    expect(decoder.pendingBytes).to.equal(1)
  })

  it('refuses every other prefix at its second byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(255), fc.nat(255), async (first, second) => {
        fc.pre(first !== 0x80 || second !== 0x08)
        const decoder = new FrameDecoder()
        decoder.push(Uint8Array.of(first))
        expect(await rejection(() => decoder.push(Uint8Array.of(second)))).to.equal(
          'FrameSizeError',
        )
      }),
    )
  })

  it('refuses a second frame of another size, whatever came before', async () => {
    const longer = concatBytes(onWire(frameOf(3)), Uint8Array.of(0x81, 0x08))
    const shorter = concatBytes(onWire(frameOf(3)), Uint8Array.of(FRAME_BYTES & 0x7f, 0x00))
    for (const wire of [longer, shorter]) {
      expect(await rejection(() => new FrameDecoder().push(wire))).to.equal('FrameSizeError')
    }
  })
})
