import { expect } from 'chai'
import { BurnTimers } from '../../../src/chat/burn/burn-timers.ts'
import { eventually } from '../../fixtures/wait-for.ts'

const START = 1_700_000_000_000

describe('timers of messages that burn', () => {
  let wall: number
  let due: string[]
  let timers: BurnTimers

  beforeEach(() => {
    wall = START
    due = []
    timers = new BurnTimers({ now: () => wall })
  })

  afterEach(() => {
    timers.stop()
  })

  const set = (id: string, expiresAt: number, ttlMs: number): void => {
    timers.set(id, expiresAt, ttlMs, () => due.push(id))
  }

  const fired = (count: number): Promise<void> =>
    eventually(() => {
      if (due.length < count) throw new Error(`${due.length} of ${count} have fired`)
      return Promise.resolve()
    }, 2000)

  it('fire in the order in which they are due, also those that were due before', async () => {
    set('later', START + 60, 60)
    set('soon', START + 20, 20)
    set('overdue', START - 1, 1000)
    await fired(3)
    expect(due).to.deep.equal(['overdue', 'soon', 'later'])
  })

  it('fire by the time that really goes by when the clock is set back', async () => {
    set('one', START + 30, 30)
    wall = START - 86_400_000
    await fired(1)
  })

  it('wait no longer than a message may live, wherever the clock was', async () => {
    set('one', START + 86_400_000, 30)
    await fired(1)
  })

  it('fire when the wall clock has jumped, as after a sleep', async () => {
    set('far', START + 3_600_000, 3_600_000)
    wall = START + 3_600_001
    set('near', START + 3_600_011, 10)
    await fired(2)
  })

  it('do not fire when they were cancelled or stopped', async () => {
    set('one', START + 10, 10)
    set('two', START + 10, 10)
    timers.cancel('one')
    await fired(1)
    set('three', START + 10, 10)
    timers.stop()
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(due).to.deep.equal(['two'])
  })
})
