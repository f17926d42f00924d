import { expect } from 'chai'
import { fillPadding } from '../../src/crypto/padding.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'

const randomBytes = (length: number) => nodeCrypto.randomBytes(length)

function filled(bytes: number): Uint8Array {
  const block = new Uint8Array(bytes)
  fillPadding(block, 0, randomBytes)
  return block
}

describe('padding', () => {
  it('differs each time', () => {
    expect(filled(64)).to.not.deep.equal(filled(64))
  })

  it('mixes random bytes and text', () => {
    const block = filled(100_000)
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
