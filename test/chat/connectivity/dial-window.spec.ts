import { mock } from 'node:test'
import { expect } from 'chai'
import {
  DIAL_WINDOW_FIRST,
  DIAL_WINDOW_LAST,
  DIAL_WINDOW_LEAST,
  LONELY_DIAL_MS,
  QUICK_DIAL_MS,
  SLOW_DIAL_MS,
} from '../../../src/chat/connectivity/constants.ts'
import { DialWindow } from '../../../src/chat/connectivity/dial-window.ts'
import { failure } from '../support/rejection.ts'

const settled = (): Promise<void> => new Promise(setImmediate)

interface Dial {
  readonly answered: () => void
  readonly end: PromiseWithResolvers<string>
}

describe('the window of dials', () => {
  let now: number
  let window: DialWindow
  let begun: Dial[]

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    now = 0
    begun = []
    window = new DialWindow(() => now)
  })
  afterEach(() => {
    mock.timers.reset()
  })

  const dial = (signal = new AbortController().signal): Promise<unknown> => {
    return window
      .run(signal, (answered) => {
        const end = Promise.withResolvers<string>()
        begun.push({ answered, end })
        return end.promise
      })
      .catch((err: unknown) => err)
  }
  const pass = async (ms: number): Promise<void> => {
    now += ms
    mock.timers.tick(ms)
    await settled()
  }
  /** One after another, each answered and taking so long. */
  const take = async (count: number, ms: number, fails = false): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const outcome = dial()
      await settled()
      begun.at(-1)!.answered()
      await pass(ms)
      if (fails) begun.at(-1)!.end.reject(new Error('no answer'))
      else begun.at(-1)!.end.resolve('there')
      await outcome
    }
  }

  it('lets those wait that are too many, and in when others are done', async () => {
    for (let i = 0; i < DIAL_WINDOW_FIRST + 2; i++) void dial()
    await settled()
    for (const { answered } of begun) answered()
    await pass(LONELY_DIAL_MS)
    expect(begun).to.have.length(DIAL_WINDOW_FIRST)
    begun[0]!.end.resolve('there')
    await settled()
    expect(begun).to.have.length(DIAL_WINDOW_FIRST + 1)
    begun[1]!.end.reject(new Error('somebody else'))
    await settled()
    expect(begun).to.have.length(DIAL_WINDOW_FIRST + 2)
  })

  it('is not held up by those that nobody answers', async () => {
    for (let i = 0; i < DIAL_WINDOW_FIRST + 1; i++) void dial()
    await settled()
    await pass(LONELY_DIAL_MS - 1)
    expect(begun).to.have.length(DIAL_WINDOW_FIRST)
    await pass(1)
    expect(begun).to.have.length(DIAL_WINDOW_FIRST + 1)
    // who answers late takes a place after all
    begun[0]!.answered()
    for (let i = 0; i < DIAL_WINDOW_FIRST; i++) void dial()
    await settled()
    expect(begun).to.have.length(2 * DIAL_WINDOW_FIRST - 1)
  })

  it('grows while handshakes are quick, up to a bound', async () => {
    await take(DIAL_WINDOW_FIRST + 1, QUICK_DIAL_MS)
    expect(window.size).to.equal(DIAL_WINDOW_FIRST + 1)
    await take(DIAL_WINDOW_LAST ** 2, 1)
    expect(window.size).to.equal(DIAL_WINDOW_LAST)
  })

  it('halves when one is slow, whatever becomes of it, once for those that were under way together', async () => {
    const outcomes = [dial(), dial(), dial()]
    await settled()
    for (const { answered } of begun) answered()
    await pass(SLOW_DIAL_MS)
    begun[0]!.end.reject(new Error('no answer'))
    begun[1]!.end.resolve('there')
    await Promise.all(outcomes.slice(0, 2))
    expect(window.size).to.equal(DIAL_WINDOW_FIRST / 2)
    begun[2]!.end.reject(new Error('no answer'))
    await outcomes[2]
    expect(window.size).to.equal(DIAL_WINDOW_FIRST / 2)
    await take(5, SLOW_DIAL_MS, true)
    expect(window.size).to.equal(DIAL_WINDOW_LEAST)
  })

  it('stays as it is where nobody answered, or somebody refused at once', async () => {
    const outcome = dial()
    await pass(2 * SLOW_DIAL_MS)
    begun[0]!.end.reject(new Error('no answer'))
    await outcome
    await take(20, 1, true)
    expect(window.size).to.equal(DIAL_WINDOW_FIRST)
  })

  it('lets go of whoever waits and wants no more', async () => {
    for (let i = 0; i < DIAL_WINDOW_FIRST; i++) void dial()
    const controller = new AbortController()
    const outcome = dial(controller.signal)
    await settled()
    controller.abort(new Error('enough'))
    expect(await outcome).to.be.instanceOf(Error)
    const never = failure(() => window.run(controller.signal, () => Promise.resolve('there')))
    expect((await never).message).to.equal('enough')
    for (const { end } of begun) end.resolve('there')
    await settled()
    expect(begun).to.have.length(DIAL_WINDOW_FIRST)
  })
})
