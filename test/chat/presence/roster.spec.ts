import { expect } from 'chai'
import { NETWORK_WAIT_MS } from '../../../src/chat/presence/constants.ts'
import { Roster, type RosterInit } from '../../../src/chat/presence/roster.ts'

describe('calling contacts when we come', () => {
  const running: Roster[] = []

  afterEach(async () => {
    await Promise.all(running.splice(0).map((roster) => roster.stop()))
  })

  /** Resolves with what was done for `contacts`, once each was reached or looked up. */
  async function firstRound(
    contacts: readonly string[],
    init: Partial<RosterInit> = {},
  ): Promise<string[]> {
    const done: string[] = []
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const finished = new Set<string>()
    const finish = (fingerprint: string): void => {
      finished.add(fingerprint)
      if (finished.size === contacts.length) resolve(undefined)
    }
    const roster = new Roster({
      contacts: () => contacts,
      isReached: () => false,
      isAlone: () => false,
      mayCall: () => true,
      call: (fingerprint) => {
        done.push(`call ${fingerprint}`)
        const isThere = fingerprint !== 'asleep'
        if (isThere) finish(fingerprint)
        return Promise.resolve(isThere)
      },
      lookUp: (fingerprint) => {
        done.push(`look up ${fingerprint}`)
        finish(fingerprint)
        return Promise.resolve()
      },
      elapsed: () => 0,
      random: () => 0,
      firstCallsMs: 0,
      ...init,
    })
    running.push(roster)
    roster.start()
    await promise
    return done
  }

  it('calls everybody once, and looks up who does not answer', async () => {
    expect(await firstRound(['anna', 'asleep', 'carol'])).to.deep.equal([
      'call anna',
      'call asleep',
      'call carol',
      'look up asleep',
    ])
  })

  it('calls nobody who need not know that we are there', async () => {
    expect(await firstRound(['anna'], { mayCall: () => false })).to.deep.equal(['look up anna'])
  })

  it('calls nobody before there is a network, which it does not wait for endlessly', async () => {
    let now = 0
    let looks = 0
    const isAlone = (): boolean => {
      looks++
      now += NETWORK_WAIT_MS / 4
      return true
    }
    expect(await firstRound(['anna'], { isAlone, elapsed: () => now })).to.deep.equal(['call anna'])
    expect(looks).to.equal(4)
    looks = 0
    expect(await firstRound(['anna'], { isAlone: () => ++looks < 3 })).to.deep.equal(['call anna'])
    expect(looks).to.equal(3)
  })

  it('calls somebody who does not answer again only after a pause', async () => {
    let now = 0
    const called: number[] = []
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const roster = new Roster({
      contacts: () => ['asleep'],
      isReached: () => false,
      isAlone: () => false,
      mayCall: () => true,
      call: () => {
        called.push(now)
        return Promise.resolve(false)
      },
      lookUp: () => {
        resolve(undefined)
        return Promise.resolve()
      },
      elapsed: () => now,
      random: () => 0,
      firstCallsMs: 0,
    })
    running.push(roster)
    roster.start()
    await promise
    now = 1000
    // whatever is due is called at once by a round of its own
    await new Promise((settled) => setImmediate(settled))
    expect(called).to.deep.equal([0])
    const again = new Promise<void>((settled) => {
      const look = (): void => {
        if (called.length > 1) settled()
        else setImmediate(look)
      }
      look()
    })
    roster.chance()
    await again
    expect(called).to.deep.equal([0, 1000])
  })
})
