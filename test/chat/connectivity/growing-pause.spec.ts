import { expect } from 'chai'
import { GrowingPause, shortened } from '../../../src/chat/connectivity/growing-pause.ts'

describe('a growing pause', () => {
  const four = (pause: GrowingPause) => Array.from({ length: 4 }, () => pause.next())

  it('doubles up to its bound, and begins anew when told to', () => {
    const pause = new GrowingPause({ firstMs: 1000, lastMs: 3000 })
    expect(four(pause)).to.deep.equal([1000, 2000, 3000, 3000])
    pause.reset()
    expect(pause.next()).to.equal(1000)
  })

  it('grows by another factor', () => {
    expect(four(new GrowingPause({ firstMs: 8, lastMs: 100, factor: 1.5 }))).to.deep.equal([
      8, 12, 18, 27,
    ])
  })

  it('is shortened by up to a half', () => {
    expect([0, 0.5, 1].map((random) => shortened(1000, random))).to.deep.equal([1000, 750, 500])
  })
})
