import { expect } from 'chai'
import { MAX_CONTENT_BYTES } from '../../../src/chat/message/constants.ts'
import {
  decodePart,
  decodeWanted,
  encodePart,
  encodeWanted,
  isParts,
  PART_BYTES,
  partCount,
} from '../../../src/chat/message/parts.ts'
import { seededBytes } from '../support/random.ts'
import { rejection } from '../support/rejection.ts'

const random = seededBytes(5)
const ID = '0123456789abcdef0123456789abcdef'
/** What a chunk in a frame of this session version may carry. */
const MOST_IN_A_FRAME = 906 - 3

describe('parts', () => {
  it('carry a content, each with its id and place, and fit a frame', () => {
    const content = random(3 * PART_BYTES + 1)
    expect(partCount(content.byteLength)).to.equal(4)
    const parts = [0, 1, 2, 3].map((index) => encodePart(ID, content, index))
    for (const [index, part] of parts.entries()) {
      expect(part.byteLength).to.be.at.most(MOST_IN_A_FRAME)
      const { data, ...header } = decodePart(part)
      expect(header).to.deep.equal({ id: ID, index })
      expect(data).to.deep.equal(content.slice(index * PART_BYTES, (index + 1) * PART_BYTES))
    }
  })

  it('are asked for in runs, however many there are, in one frame', () => {
    const ranges = [
      [0, 0],
      [2, 5],
      [9, 447],
    ] as const
    expect(decodeWanted(encodeWanted({ id: ID, ranges }))).to.deep.equal({ id: ID, ranges })
    const many = Array.from({ length: 224 }, (_, index) => [index * 2, index * 2] as const)
    const bytes = encodeWanted({ id: ID, ranges: many })
    expect(bytes.byteLength).to.be.at.most(MOST_IN_A_FRAME)
    expect(decodeWanted(bytes).ranges.at(-1)).to.deep.equal([398, 446])
  })

  it('are refused where they are empty, and requests where they make no sense', async () => {
    expect(await rejection(() => decodePart(random(18)))).to.equal('MalformedMessageError')
    const odd = [random(16), random(18), encodeWanted({ id: ID, ranges: [[5, 4]] })]
    odd.push(
      encodeWanted({
        id: ID,
        ranges: [
          [3, 4],
          [4, 5],
        ],
      }),
    )
    for (const bytes of odd) {
      expect(await rejection(() => decodeWanted(bytes))).to.equal('MalformedMessageError')
    }
  })

  it('are announced with a size that may be and a hash', () => {
    const good = { type: 'parts', id: ID, timestamp: 0, bytes: 5000, hash: 'a'.repeat(64) }
    expect(isParts(good)).to.equal(true)
    for (const odd of [
      { type: 'text' },
      { bytes: 0 },
      { bytes: 1.5 },
      { bytes: MAX_CONTENT_BYTES + 1 },
      { bytes: '5000' },
      { hash: 'a'.repeat(63) },
      { hash: 'G'.repeat(64) },
      { hash: undefined },
    ]) {
      expect(isParts({ ...good, ...odd })).to.equal(false)
    }
  })
})
