import { expect } from 'chai'
import {
  LOOKUP_PAUSE_FIRST_MS,
  LOOKUP_PAUSE_LAST_MS,
  MAX_PACED_LOOKUPS,
} from '../../../src/chat/connectivity/constants.ts'
import { LookupPace } from '../../../src/chat/connectivity/lookup-pace.ts'

describe('the pace of look-ups', () => {
  let now: number
  let pace: LookupPace

  beforeEach(() => {
    now = 0
    pace = new LookupPace(() => now)
  })

  it('asks at once the first time, then ever more seldom, for each person', () => {
    const asked: number[] = []
    for (; now < 4 * LOOKUP_PAUSE_FIRST_MS; now += 1000) if (pace.take('bob')) asked.push(now)
    expect(asked).to.deep.equal([0, LOOKUP_PAUSE_FIRST_MS, 3 * LOOKUP_PAUSE_FIRST_MS])
    expect(pace.take('carol')).to.equal(true)
    now = 20 * LOOKUP_PAUSE_LAST_MS
    while (pace.take('bob')) now += LOOKUP_PAUSE_LAST_MS - 1
    now += 1
    expect(pace.take('bob')).to.equal(true)
  })

  it('begins anew once they were reached', () => {
    expect(pace.take('bob')).to.equal(true)
    expect(pace.take('bob')).to.equal(false)
    pace.forget('bob')
    expect(pace.take('bob')).to.equal(true)
  })

  it('remembers so many, and of more those who were asked for last', () => {
    for (let index = 0; index <= MAX_PACED_LOOKUPS; index++) pace.take(String(index))
    expect(pace.take('1')).to.equal(false)
    expect(pace.take('0')).to.equal(true)
  })
})
