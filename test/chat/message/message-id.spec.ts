import { expect } from 'chai'
import fc from 'fast-check'
import {
  createMessageId,
  isMessageId,
  messageIdTime,
} from '../../../src/chat/message/message-id.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { seededBytes } from '../support/random.ts'

const time = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const randomBytes = (length: number): Uint8Array => nodeCrypto.randomBytes(length)

describe('message id', () => {
  it('holds its time, whatever the time', () => {
    fc.assert(
      fc.property(time, (nowMs) => {
        const id = createMessageId(nowMs, randomBytes)
        expect(isMessageId(id)).to.be.true
        expect(messageIdTime(id)).to.equal(nowMs)
      }),
    )
  })

  it('sorts by time', () => {
    fc.assert(
      fc.property(fc.uniqueArray(time, { minLength: 2, maxLength: 5 }), (times) => {
        const ids = times.map((nowMs) => createMessageId(nowMs, randomBytes))
        const sorted = [...ids].sort().map(messageIdTime)
        expect(sorted).to.deep.equal([...times].sort((a, b) => a - b))
      }),
    )
  })

  it('is another each time', () => {
    const ids = Array.from({ length: 1000 }, () => createMessageId(1, randomBytes))
    expect(new Set(ids)).to.have.property('size', 1000)
  })

  it('is 48 bits of time and 80 random ones, in lower-case hexadecimal', () => {
    const id = createMessageId(1_700_000_000_000, () =>
      Uint8Array.from({ length: 10 }, (_, n) => n),
    )
    expect(id).to.equal('018bcfe5680000010203040506070809')
    expect(createMessageId(0, seededBytes(1))).to.match(/^0{12}[0-9a-f]{20}$/)
  })

  it('is told from what is none', () => {
    const id = createMessageId(1, randomBytes)
    const others = [
      id.toUpperCase().replace(/\d/g, 'A'),
      `${id}0`,
      id.slice(1),
      `${id}\n`,
      '',
      7,
      null,
      undefined,
      [id],
    ]
    for (const other of others) expect(isMessageId(other), String(other)).to.be.false
  })
})
