import { expect } from 'chai'
import { whileMoving } from '../../../scripts/testnet-docker/progress.ts'

/** Does one thing a look, until the `last`. */
function worker(last: number) {
  let looks = 0
  return () => {
    looks++
    return { isDone: looks > 200, mark: Math.min(looks, last) }
  }
}

describe('waiting for as long as something moves', () => {
  it('waits far longer than nothing may move', async () => {
    const startedAt = performance.now()
    expect(await whileMoving(worker(200), { stillMs: 50, pollMs: 1 })).to.equal(true)
    expect(performance.now() - startedAt).to.be.greaterThan(100)
  })

  it('gives up where nothing moves any more', async () => {
    const looks = { count: 0 }
    const stuck = () => ({ isDone: false, mark: looks.count++ < 5 ? looks.count : 'stuck' })
    expect(await whileMoving(stuck, { stillMs: 30, pollMs: 1 })).to.equal(false)
    expect(looks.count).to.be.greaterThan(5)
  })

  it('gives up on what moves without end', async () => {
    let turns = 0
    const restless = () => ({ isDone: false, mark: turns++ })
    expect(await whileMoving(restless, { wholeMs: 30, pollMs: 1 })).to.equal(false)
  })
})
