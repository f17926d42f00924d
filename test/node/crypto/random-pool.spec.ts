import { expect } from 'chai'
import { toHex } from '../../../src/crypto/bytes.ts'
import { randomFromPool } from '../../../src/node/crypto/random-pool.ts'

describe('random bytes from a pool', () => {
  it('are as many as asked for, and never the same twice', () => {
    const seen = new Set<string>()
    let draws = 0
    // many times through the pool, so that its end comes at every place of a draw
    for (let round = 0; round < 50; round++) {
      for (const length of [8, 10, 12, 24, 31, 32, 64, 65, 700, 1024, 1025]) {
        const bytes = randomFromPool(length)
        expect(bytes.byteLength).to.equal(length)
        seen.add(toHex(bytes.subarray(0, 8)))
        seen.add(toHex(bytes.subarray(length - 8)))
        draws += length === 8 ? 1 : 2
      }
    }
    expect(seen.size).to.equal(draws)
    expect(randomFromPool(0)).to.deep.equal(new Uint8Array())
  })

  it('are an array of its own: writing to it changes no other', () => {
    const first = randomFromPool(12)
    expect(first.buffer.byteLength).to.equal(12)
    first.fill(7)
    expect(randomFromPool(12)).to.not.deep.equal(first)
  })
})
