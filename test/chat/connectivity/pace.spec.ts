import { expect } from 'chai'
import { Pace } from '../../../src/chat/connectivity/pace.ts'

const FIRST_MS = 15_000
const LAST_MS = 120_000
const MAX_PEERS = 100

describe('the pace of attempts', () => {
  let now: number
  let pace: Pace

  beforeEach(() => {
    now = 0
    pace = new Pace({ firstMs: FIRST_MS, lastMs: LAST_MS, maxPeers: MAX_PEERS, now: () => now })
  })

  it('lets the first through, then ever fewer, for each peer', () => {
    const tried: number[] = []
    for (; now < 4 * FIRST_MS; now += 1000) if (pace.take('bob')) tried.push(now)
    expect(tried).to.deep.equal([0, FIRST_MS, 3 * FIRST_MS])
    expect(pace.take('carol')).to.equal(true)
    now = 20 * LAST_MS
    while (pace.take('bob')) now += LAST_MS - 1
    now += 1
    expect(pace.take('bob')).to.equal(true)
  })

  it('begins anew once it succeeded, or for everybody', () => {
    for (const begin of [() => pace.forget('bob'), () => pace.clear()]) {
      expect(pace.take('bob')).to.equal(true)
      expect(pace.take('bob')).to.equal(false)
      begin()
    }
    expect(pace.take('bob')).to.equal(true)
  })

  it('remembers so many, and of more those who were tried last', () => {
    for (let index = 0; index <= MAX_PEERS; index++) pace.take(String(index))
    expect(pace.take('1')).to.equal(false)
    expect(pace.take('0')).to.equal(true)
  })
})
