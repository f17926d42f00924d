import { mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import {
  UPGRADE_FIRST_MS,
  UPGRADE_PAUSE_FACTOR,
  UPGRADE_PAUSE_FIRST_MS,
  UPGRADE_PAUSE_LAST_MS,
  WEBRTC_SECOND_MS,
} from '../../../src/chat/connectivity/constants.ts'
import { PathUpgrade } from '../../../src/chat/connectivity/path-upgrade.ts'

interface Attempt {
  readonly offer: boolean
  readonly signal: AbortSignal
  readonly end: PromiseWithResolvers<undefined>
}

describe('looking for a better path', () => {
  let attempts: Attempt[]
  let upgrade: PathUpgrade

  const looking = (offersFirst: boolean): PathUpgrade =>
    new PathUpgrade({
      attempt: ({ signal, offer }) => {
        const end = Promise.withResolvers<undefined>()
        attempts.push({ offer, signal, end })
        return end.promise
      },
      explain: () => 'hole-punch-failed',
      onChange: () => undefined,
      offersFirst,
      now: () => 0,
      random: () => 0,
    })
  const after = async (ms: number): Promise<void> => {
    mock.timers.tick(ms)
    await turn()
  }
  const fail = async (): Promise<void> => {
    attempts.at(-1)?.end.reject(new Error('nobody answered'))
    await turn()
  }

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    attempts = []
    upgrade = looking(true)
  })

  afterEach(() => {
    upgrade.stop()
    mock.timers.reset()
  })

  it('leaves longer and longer between attempts that fail, and says why the last did', async () => {
    upgrade.start()
    await after(UPGRADE_FIRST_MS)
    let pauseMs = UPGRADE_PAUSE_FIRST_MS
    for (let count = 1; count <= 20; count++) {
      await fail()
      expect(upgrade.state).to.deep.equal({
        state: 'waiting',
        nextAt: pauseMs,
        reason: 'hole-punch-failed',
      })
      await after(pauseMs - 1)
      expect(attempts).to.have.length(count)
      await after(1)
      expect(attempts).to.have.length(count + 1)
      pauseMs = Math.min(pauseMs * UPGRADE_PAUSE_FACTOR, UPGRADE_PAUSE_LAST_MS)
    }
    expect(pauseMs).to.equal(UPGRADE_PAUSE_LAST_MS)
  })

  it('begins anew when something changed', async () => {
    upgrade.start()
    await after(UPGRADE_FIRST_MS)
    await fail()
    await after(UPGRADE_PAUSE_FIRST_MS)
    await fail()
    upgrade.hint()
    await after(0)
    expect(attempts).to.have.length(3)
    await fail()
    expect(upgrade.state).to.include({ nextAt: UPGRADE_PAUSE_FIRST_MS })
  })

  it('tries again at once when something changed during an attempt that failed', async () => {
    upgrade.start()
    await after(UPGRADE_FIRST_MS)
    upgrade.hint()
    await fail()
    await after(0)
    expect(attempts).to.have.length(2)
  })

  it('leaves the first offer to the other side where that is agreed, and then makes its own', async () => {
    upgrade = looking(false)
    upgrade.start()
    await after(UPGRADE_FIRST_MS)
    await fail()
    await after(WEBRTC_SECOND_MS)
    expect(attempts.map(({ offer }) => offer)).to.deep.equal([false, true])
  })

  it('ends the attempt under way when it is stopped, and makes no other', async () => {
    upgrade.start()
    await after(UPGRADE_FIRST_MS)
    upgrade.stop()
    expect(attempts[0]?.signal.aborted).to.equal(true)
    await fail()
    await after(UPGRADE_PAUSE_LAST_MS)
    expect(attempts).to.have.length(1)
    expect(upgrade.state).to.equal(undefined)
  })
})
