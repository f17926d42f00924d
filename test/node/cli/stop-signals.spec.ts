import { expect } from 'chai'
import { EventEmitter } from 'node:events'
import { listenForStop } from '../../../src/node/cli/stop-signals.ts'

describe('stop signals', () => {
  function setUp() {
    const target = new EventEmitter()
    const exits: number[] = []
    const clock = { now: 1000 }
    const stop = listenForStop(
      target,
      (code) => exits.push(code),
      () => clock.now,
    )
    const send = (name: string, atMs: number): void => {
      clock.now = 1000 + atMs
      target.emit(name, name)
    }
    return { target, exits, stop, send }
  }

  it('asks for a clean stop at the first signal', () => {
    const { exits, stop, send } = setUp()
    expect(stop.signal.aborted).to.equal(false)
    send('SIGTERM', 0)
    expect(stop.signal.aborted).to.equal(true)
    expect(exits).to.deep.equal([])
  })

  it('takes echoes of one Ctrl-C for the same one', () => {
    const { exits, send } = setUp()
    send('SIGINT', 0)
    send('SIGINT', 5)
    send('SIGINT', 299)
    expect(exits).to.deep.equal([])
  })

  it('ends at once at the second, with the code of that signal', () => {
    const { exits, send } = setUp()
    send('SIGINT', 0)
    send('SIGINT', 300)
    send('SIGTERM', 400)
    expect(exits).to.deep.equal([130, 143])
  })

  it('gives the signals back', () => {
    const { target, stop } = setUp()
    stop.dispose()
    expect(target.eventNames()).to.deep.equal([])
  })
})
