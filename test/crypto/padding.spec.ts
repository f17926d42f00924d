import { expect } from 'chai'
import { utf8 } from '../../src/crypto/bytes.ts'
import { fillPadding, pad } from '../../src/crypto/padding.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'

const randomBytes = (length: number) => nodeCrypto.randomBytes(length)

describe('padding', () => {
  it('keeps the content and fills the block to its size', () => {
    const content = utf8('content')
    const block = pad(content, 906, randomBytes)
    expect(block).to.have.length(906)
    expect(block.subarray(0, 7)).to.deep.equal(content)
    expect(pad(content, 7, randomBytes)).to.deep.equal(content)
  })

  it('refuses content larger than the block', () => {
    expect(() => pad(new Uint8Array(8), 7, randomBytes)).to.throw(RangeError)
  })

  it('differs each time', () => {
    const [one, two] = [
      pad(new Uint8Array(), 64, randomBytes),
      pad(new Uint8Array(), 64, randomBytes),
    ]
    expect(one).to.not.deep.equal(two)
  })

  it('mixes random bytes and text', () => {
    const block = pad(new Uint8Array(), 100_000, randomBytes)
    const text = block.filter((byte) => /[a-z ,.]/.test(String.fromCharCode(byte))).length
    // Half of it is text, and of the random half one byte in nine looks like it.
    expect(text / block.length).to.be.within(0.45, 0.65)
    const runs = Array.from(block, (byte) => (byte < 128 ? 'x' : '-'))
      .join('')
      .match(/x{30,}/g)
    expect(runs?.length).to.be.greaterThan(100)
  })

  it('fills from where it is told, and nothing before', () => {
    const target = new Uint8Array(100)
    fillPadding(target, 50, randomBytes)
    expect(target.subarray(0, 50)).to.deep.equal(new Uint8Array(50))
    expect(target.subarray(50).some((byte) => byte !== 0)).to.equal(true)
    fillPadding(target, 100, randomBytes)
  })
})
