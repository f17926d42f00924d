import { expect } from 'chai'
import { Activity } from '../../../src/chat/presence/activity.ts'
import { AWAY_AFTER_MS } from '../../../src/chat/presence/constants.ts'

describe('whether the user is there', () => {
  let now: number
  let due: { at: number; then: () => void } | undefined
  let changes: string[]
  let activity: Activity

  beforeEach(() => {
    now = 1000
    due = undefined
    changes = []
    activity = new Activity({
      elapsed: () => now,
      onChange: () => changes.push(activity.state),
      schedule: (delayMs, then) => {
        const mine = { at: now + delayMs, then }
        due = mine
        return () => {
          if (due === mine) due = undefined
        }
      },
    })
    activity.start()
  })

  function pass(ms: number): void {
    now += ms
    while (due !== undefined && due.at <= now) {
      const { then } = due
      due = undefined
      then()
    }
  }

  it('ends some minutes after the last touch, and begins with the next', () => {
    pass(AWAY_AFTER_MS - 1)
    activity.touch()
    pass(AWAY_AFTER_MS - 1)
    expect(activity).to.include({ state: 'online', idleMs: 0 })
    pass(1)
    expect(activity).to.include({ state: 'away', idleMs: AWAY_AFTER_MS })
    pass(60_000)
    expect(activity.idleMs).to.equal(AWAY_AFTER_MS + 60_000)
    activity.touch()
    expect(changes).to.deep.equal(['away', 'online'])
  })

  it('ends when the user looks elsewhere', () => {
    activity.leave()
    activity.leave()
    pass(AWAY_AFTER_MS)
    activity.touch()
    expect(changes).to.deep.equal(['away', 'online'])
  })

  it('goes by what the user says until they say otherwise', () => {
    activity.say(true)
    pass(60_000)
    activity.touch()
    expect(activity).to.include({ state: 'away', idleMs: 60_000 })
    activity.say(false)
    expect(activity).to.include({ state: 'online', idleMs: 0 })
    pass(AWAY_AFTER_MS)
    expect(changes).to.deep.equal(['away', 'online', 'away'])
  })

  it('waits for nothing once it is stopped', () => {
    activity.stop()
    expect(due).to.equal(undefined)
  })
})
