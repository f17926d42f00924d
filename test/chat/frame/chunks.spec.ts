import { expect } from 'chai'
import fc from 'fast-check'
import { concatBytes } from '../../../src/crypto/bytes.ts'
import { ChunkKind, readChunks, type Chunk } from '../../../src/chat/frame/chunks.ts'
import { FragmentAssembler } from '../../../src/chat/frame/fragment-assembler.ts'
import { FramePacker } from '../../../src/chat/frame/frame-packer.ts'
import { seededBytes } from '../support/random.ts'
import { rejection } from '../support/rejection.ts'

const BLOCK_BYTES = 906
const random = seededBytes(2)

function message(length: number): Chunk {
  return { kind: ChunkKind.message, data: random(length) }
}

/** What a receiver makes of blocks: whole packets, in order. */
function unpack(blocks: readonly Uint8Array[], maxBytes = 100_000): Chunk[] {
  const fragments = new FragmentAssembler(maxBytes)
  return blocks.flatMap(readChunks).flatMap((chunk) => {
    if (chunk.kind !== ChunkKind.fragment) return [chunk]
    const data = fragments.push(chunk.data)
    return data === undefined ? [] : [{ kind: ChunkKind.message, data }]
  })
}

const packets = fc.array(
  fc.oneof(
    fc.nat(60_000).map(message),
    fc.nat(900).map(message),
    fc.nat(32).map((ids) => ({ kind: ChunkKind.acknowledgement, data: random(ids * 16) })),
  ),
  { maxLength: 10 },
)

describe('chunks and blocks', () => {
  it('carry any packets of any sizes, in order, in blocks of exactly one size', () => {
    fc.assert(
      fc.property(packets, fc.integer({ min: 600, max: 1023 }), (list, blockBytes) => {
        const blocks = new FramePacker(blockBytes, random).pack(list)
        for (const block of blocks) expect(block).to.have.lengthOf(blockBytes)
        expect(unpack(blocks)).to.deep.equal(list)
      }),
      { numRuns: 60 },
    )
  })

  it('carry a packet of every length near a block’s', () => {
    for (let length = BLOCK_BYTES - 8; length <= BLOCK_BYTES + 8; length++) {
      const list = [message(length), message(1)]
      const blocks = new FramePacker(BLOCK_BYTES, random).pack(list)
      expect(unpack(blocks)).to.deep.equal(list)
    }
  })

  it('put small packets into one block and split a long one', () => {
    const packer = new FramePacker(BLOCK_BYTES, random)
    expect(packer.pack([message(100), message(200), message(300)])).to.have.lengthOf(1)
    const blocks = packer.pack([message(5000)])
    expect(blocks).to.have.lengthOf(Math.ceil(5000 / (BLOCK_BYTES - 11)))
    expect(blocks.flatMap(readChunks).every(({ kind }) => kind === ChunkKind.fragment)).to.be.true
  })

  it('make one block of padding alone from nothing', () => {
    const blocks = new FramePacker(BLOCK_BYTES, random).pack([])
    expect(blocks).to.have.lengthOf(1)
    expect(readChunks(blocks[0]!)).to.deep.equal([])
  })

  it('pad with random bytes and with text, not with zeros', () => {
    const blocks = Array.from(
      { length: 40 },
      () => new FramePacker(BLOCK_BYTES, random).pack([])[0]!,
    )
    const padding = concatBytes(...blocks.map((block) => block.subarray(1)))
    const binary = padding.filter((byte) => byte >= 0x80).length / padding.byteLength
    expect(binary).to.be.within(0.15, 0.35)
    const letters =
      padding.filter((byte) => byte >= 0x61 && byte <= 0x7a).length / padding.byteLength
    expect(letters).to.be.greaterThan(0.3)
    expect(padding.filter((byte) => byte === 0).length / padding.byteLength).to.be.lessThan(0.02)
    expect(blocks[0]).to.not.deep.equal(blocks[1])
  })

  it('give every split message a number of its own', () => {
    const packer = new FramePacker(BLOCK_BYTES, random)
    const groups = packer
      .pack([message(2000), message(2000)])
      .flatMap(readChunks)
      .map(({ data }) => new DataView(data.buffer, data.byteOffset).getUint32(0))
    expect([...new Set(groups)]).to.deep.equal([0, 1])
  })

  it('are not made of a long packet that is no message', async () => {
    const packer = new FramePacker(BLOCK_BYTES, random)
    const long = { kind: ChunkKind.acknowledgement, data: random(BLOCK_BYTES) }
    expect(await rejection(() => packer.pack([long]))).to.equal('RangeError')
  })

  it('are refused when one is cut off or reaches beyond its block', async () => {
    for (const block of [[1], [1, 0], [1, 0, 1], [1, 0xff, 0xff, 1], [4, 0, 1, 9, 1, 0]]) {
      expect(await rejection(() => readChunks(Uint8Array.from(block)))).to.equal(
        'MalformedFrameError',
      )
    }
  })

  it('never fail to parse in another way, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (block) => {
        try {
          readChunks(block)
        } catch (err) {
          expect(err).to.have.property('name', 'MalformedFrameError')
        }
      }),
    )
  })
})

describe('fragment assembler', () => {
  function fragment(
    group: number,
    index: number,
    count: number,
    data: Uint8Array = Uint8Array.of(7),
  ) {
    const header = new Uint8Array(8)
    const view = new DataView(header.buffer)
    view.setUint32(0, group)
    view.setUint16(4, index)
    view.setUint16(6, count)
    return concatBytes(header, data)
  }

  const refused: [string, Uint8Array[]][] = [
    ['without data', [fragment(0, 0, 1, new Uint8Array())]],
    ['shorter than its header', [new Uint8Array(3)]],
    ['that is not the first', [fragment(0, 1, 2)]],
    ['of no fragments', [fragment(0, 0, 0)]],
    ['that leaves one out', [fragment(0, 0, 3), fragment(0, 2, 3)]],
    ['that comes twice', [fragment(0, 0, 3), fragment(0, 0, 3)]],
    ['of another message', [fragment(0, 0, 2), fragment(1, 1, 2)]],
    ['with another count', [fragment(0, 0, 2), fragment(0, 1, 3)]],
    ['beyond the longest message', [fragment(0, 0, 3, random(60)), fragment(0, 1, 3, random(41))]],
  ]
  for (const [what, fragments] of refused) {
    it(`refuses a fragment ${what}`, async () => {
      const assembler = new FragmentAssembler(100)
      const name = await rejection(() => fragments.map((part) => assembler.push(part)))
      expect(name).to.equal('MalformedFrameError')
    })
  }

  it('starts anew after a whole message', () => {
    const assembler = new FragmentAssembler(100)
    for (const group of [4, 4, 9]) {
      expect(assembler.push(fragment(group, 0, 2, Uint8Array.of(1)))).to.equal(undefined)
      expect(assembler.push(fragment(group, 1, 2, Uint8Array.of(2)))).to.deep.equal(
        Uint8Array.of(1, 2),
      )
    }
  })

  it('keeps nothing of a frame but its own bytes', () => {
    const assembler = new FragmentAssembler(100)
    const frame = concatBytes(fragment(0, 0, 2, Uint8Array.of(1)), random(900))
    assembler.push(frame.subarray(0, 9))
    frame.fill(0)
    expect(assembler.push(fragment(0, 1, 2, Uint8Array.of(2)))).to.deep.equal(Uint8Array.of(1, 2))
  })
})
