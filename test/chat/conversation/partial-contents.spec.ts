import { expect } from 'chai'
import { PARTIAL_LIFETIME_MS } from '../../../src/chat/conversation/constants.ts'
import { PartialContents } from '../../../src/chat/conversation/partial-contents.ts'
import {
  decodePart,
  encodePart,
  PART_BYTES,
  type PartsContent,
} from '../../../src/chat/message/parts.ts'
import { toHex } from '../../../src/crypto/bytes.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { seededBytes } from '../support/random.ts'
import { rejection } from '../support/rejection.ts'

const random = seededBytes(9)

function contentOf(fill: number, bytes = 4 * PART_BYTES + 10) {
  const id = fill.toString(16).padStart(32, '0')
  const content = random(bytes)
  const announcement: PartsContent = {
    type: 'parts',
    id,
    timestamp: 0,
    bytes,
    hash: toHex(nodeCrypto.sha256(content)),
  }
  return {
    id,
    content,
    announcement,
    part: (index: number) => decodePart(encodePart(id, content, index)),
  }
}

describe('partial contents', () => {
  let elapsed: number
  let partials: PartialContents
  beforeEach(() => {
    elapsed = 0
    partials = new PartialContents(nodeCrypto, () => elapsed)
  })

  it('become whole from parts in any order, some of them twice, over two announcements', () => {
    const { announcement, part, content } = contentOf(1)
    expect(partials.announce(announcement, 5)).to.deep.equal([[0, 4]])
    for (const index of [4, 1, 1, 4]) expect(partials.add(part(index))).to.equal(undefined)
    expect(partials.announce(announcement, 7)).to.deep.equal([
      [0, 0],
      [2, 3],
    ])
    for (const index of [3, 0]) expect(partials.add(part(index))).to.equal(undefined)
    expect(partials.add(part(2))).to.deep.equal({ bytes: content, ageMs: 7 })
    expect(partials.size).to.equal(0)
    expect(partials.add(part(2))).to.equal(undefined)
  })

  it('begin anew when something else is announced under the same id', () => {
    const { announcement, part } = contentOf(1)
    partials.announce(announcement, 0)
    partials.add(part(0))
    expect(partials.announce({ ...announcement, hash: 'b'.repeat(64) }, 0)).to.deep.equal([[0, 4]])
  })

  it('are two at most, the latest announced, and not for ever', () => {
    const [a, b, c] = [contentOf(1), contentOf(2), contentOf(3)]
    for (const { announcement } of [a, b, a, c]) partials.announce(announcement, 0)
    expect(partials.size).to.equal(2)
    partials.add(a.part(0))
    expect(partials.announce(a.announcement, 0)).to.deep.equal([[1, 4]])
    elapsed = PARTIAL_LIFETIME_MS + 1
    partials.announce(b.announcement, 0)
    expect(partials.size).to.equal(1)
  })

  it('refuse parts of a wrong size or place, and what does not hash to what was announced', async () => {
    const { announcement, part, id } = contentOf(1)
    partials.announce(announcement, 0)
    for (const odd of [
      { id, index: 5, data: random(10) },
      { id, index: 4, data: random(11) },
      { id, index: 0, data: random(PART_BYTES - 1) },
    ]) {
      expect(await rejection(() => partials.add(odd))).to.equal('MalformedMessageError')
    }
    for (const index of [0, 1, 2, 3]) partials.add(part(index))
    const forged = { id, index: 4, data: random(10) }
    expect(await rejection(() => partials.add(forged))).to.equal('MalformedMessageError')
    expect(partials.size).to.equal(0)
  })
})
