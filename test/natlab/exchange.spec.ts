import { expect } from 'chai'
import { Exchange } from '../../scripts/natlab/exchange.ts'
import type { Person } from '../../scripts/natlab/people/person.ts'

/** Says into the other one's ear what the test lets through. */
class FakePerson implements Person {
  readonly name = 'somebody'
  readonly tellsAddresses = true
  readonly said: string[] = []
  #hear: (text: string) => void = () => undefined

  onReceived(listener: (text: string) => void): void {
    this.#hear = listener
  }

  hear(text: string | undefined): void {
    this.#hear(text ?? '')
  }

  async say(text: string): Promise<void> {
    this.said.push(text)
  }

  async open(): Promise<void> {
    throw new Error('nobody opens anything here')
  }

  async path(): Promise<undefined> {
    return undefined
  }

  async stop(): Promise<void> {
    throw new Error('nothing runs here')
  }
}

describe('an exchange', () => {
  let from: FakePerson
  let to: FakePerson
  let nowMs: number
  let exchange: Exchange

  beforeEach(() => {
    from = new FakePerson()
    to = new FakePerson()
    nowMs = 1000
    exchange = new Exchange({ from, to }, () => nowMs)
  })

  it('counts what never arrived as lost', async () => {
    await exchange.talk(2, 0)
    to.hear(from.said[0])
    from.hear(to.said[1])
    expect(exchange.tally()).to.deep.equal({ sent: 4, lost: 2, doubled: 0 })
  })

  it('counts what was shown twice, and once only', async () => {
    await exchange.say('from')
    to.hear(from.said[0])
    to.hear(from.said[0])
    expect(exchange.tally()).to.deep.equal({ sent: 1, lost: 0, doubled: 1 })
  })

  it('does not take for arrived what somebody says themselves, or something else', async () => {
    await exchange.say('from')
    from.hear(from.said[0])
    to.hear('hello')
    to.hear('natlab from 99.')
    expect(exchange.tally().lost).to.equal(1)
  })

  it('finds a message in what a page shows around it', async () => {
    await exchange.say('from')
    to.hear(`${from.said[0] ?? ''}02:35 PM🔓`)
    expect(exchange.tally().lost).to.equal(0)
  })

  it('measures the first message from its being said to its being shown', async () => {
    await exchange.say('from')
    nowMs = 1250
    to.hear(from.said[0])
    expect(await exchange.first(0)).to.equal(250)
  })

  it('gives up on a first message that does not come', async () => {
    await exchange.say('from')
    const failure = await exchange.first(0).catch((err: unknown) => err)
    expect(failure).to.have.property('name', 'DeadlineError')
  })

  it('has resumed when both have something that was said since', async () => {
    await exchange.say('from')
    nowMs = 2000
    await exchange.talk(1, 0)
    nowMs = 2300
    // from before: it may have been on its way already
    to.hear(from.said[0])
    from.hear(to.said[0])
    expect(exchange.resumedAfter(2000)).to.equal(undefined)
    nowMs = 2700
    to.hear(from.said[1])
    expect(exchange.resumedAfter(2000)).to.equal(700)
  })

  it('keeps a silenced side silent until it is let go on', async () => {
    await exchange.pause('to')
    const enough = new AbortController()
    const talk = exchange.keepTalking(0, enough.signal)
    while (from.said.length < 3) await new Promise(setImmediate)
    expect(to.said).to.have.length(0)
    exchange.resume('to')
    while (to.said.length < 1) await new Promise(setImmediate)
    enough.abort()
    await talk
  })
})
