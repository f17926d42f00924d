import { mock } from 'node:test'
import { expect } from 'chai'
import {
  LATE_START_FACTOR,
  LATE_START_LAST_MS,
  LATE_START_MS,
} from '../../../src/chat/connectivity/constants.ts'
import { NoWayError, race, type Attempt } from '../../../src/chat/connectivity/race.ts'

const settled = (): Promise<void> => new Promise(setImmediate)

describe('a race of ways', () => {
  let begun: string[]
  let aborted: string[]
  let discarded: string[]
  let open: Map<string, PromiseWithResolvers<string>>
  let answered: Map<string, () => void>
  /** How late timers are. */
  let lateMs: number
  let clock: number

  beforeEach(() => {
    begun = []
    aborted = []
    discarded = []
    open = new Map()
    answered = new Map()
    lateMs = clock = 0
    mock.timers.enable({ apis: ['setTimeout'] })
  })

  afterEach(() => {
    mock.timers.reset()
  })

  const way = (name: string, afterMs: number): Attempt<string> => ({
    afterMs,
    run: (signal, onAnswer) => {
      begun.push(name)
      answered.set(name, onAnswer)
      signal.addEventListener('abort', () => aborted.push(name))
      const outcome = Promise.withResolvers<string>()
      open.set(name, outcome)
      return outcome.promise
    },
  })

  const start = (attempts: Attempt<string>[], signal = new AbortController().signal) =>
    race(attempts, {
      signal,
      answeredMs: 1000,
      discard: (late) => void discarded.push(late),
      now: () => clock,
    })

  const pass = (ms: number): void => {
    clock += ms + lateMs
    mock.timers.tick(ms)
  }

  it('begins each at its time, and takes the first that works', async () => {
    const winner = start([way('relay', 300), way('tcp', 0), way('ws', 100)])
    expect(begun).to.deep.equal(['tcp'])
    mock.timers.tick(100)
    expect(begun).to.deep.equal(['tcp', 'ws'])
    mock.timers.tick(200)
    expect(begun).to.deep.equal(['tcp', 'ws', 'relay'])
    open.get('ws')!.resolve('ws')
    expect(await winner).to.equal('ws')
  })

  it('aborts the others, and never the winner: its connection may hang on the signal', async () => {
    const winner = start([way('tcp', 0), way('ws', 0)])
    mock.timers.tick(1)
    open.get('tcp')!.resolve('tcp')
    await winner
    expect(aborted).to.deep.equal(['ws'])
    open.get('ws')!.resolve('late ws')
    await settled()
    expect(discarded).to.deep.equal(['late ws'])
  })

  it('begins the next at once when everything that was begun has failed', async () => {
    const winner = start([way('tcp', 0), way('relay', 5000)])
    open.get('tcp')!.reject(new Error('refused'))
    await settled()
    expect(begun).to.deep.equal(['tcp', 'relay'])
    open.get('relay')!.resolve('relay')
    expect(await winner).to.equal('relay')
  })

  it('waits for what somebody says who answered, before it begins the next', async () => {
    const winner = start([way('tcp', 0), way('ws', 100), way('relay', 300)])
    answered.get('tcp')!()
    mock.timers.tick(999)
    expect(begun).to.deep.equal(['tcp'])
    mock.timers.tick(1)
    expect(begun).to.deep.equal(['tcp', 'ws'])
    mock.timers.tick(200)
    expect(begun).to.deep.equal(['tcp', 'ws', 'relay'])
    open.get('tcp')!.resolve('tcp')
    expect(await winner).to.equal('tcp')
    answered.get('ws')!()
    mock.timers.tick(2000)
    expect(begun).to.have.length(3)
  })

  it('waits anew at each word of whoever answered', async () => {
    const winner = start([way('open', 0), way('tcp', 400)])
    answered.get('open')!()
    mock.timers.tick(900)
    answered.get('open')!()
    mock.timers.tick(900)
    expect(begun).to.deep.equal(['open'])
    open.get('open')!.resolve('open')
    expect(await winner).to.equal('open')
  })

  it('waits twice as long for the second who answered and is still busy', async () => {
    const winner = start([way('tcp', 0), way('ws', 100), way('relay', 200)])
    answered.get('tcp')!()
    mock.timers.tick(1000)
    answered.get('ws')!()
    mock.timers.tick(1999)
    expect(begun).to.deep.equal(['tcp', 'ws'])
    mock.timers.tick(1)
    expect(begun).to.deep.equal(['tcp', 'ws', 'relay'])
    open.get('tcp')!.resolve('tcp')
    expect(await winner).to.equal('tcp')
  })

  it('puts the next off once while the program is behind with its work: an answer may wait to be read', async () => {
    const winner = start([way('tcp', 0), way('ws', 100), way('relay', 200)])
    lateMs = LATE_START_MS
    pass(100)
    expect(begun).to.deep.equal(['tcp'])
    pass(LATE_START_FACTOR * LATE_START_MS - 1)
    expect(begun).to.deep.equal(['tcp'])
    pass(1)
    expect(begun).to.deep.equal(['tcp', 'ws'])
    lateMs = LATE_START_MS - 1
    pass(100)
    expect(begun).to.deep.equal(['tcp', 'ws', 'relay'])
    open.get('ws')!.resolve('ws')
    expect(await winner).to.equal('ws')
  })

  it('puts nothing off after the machine slept', () => {
    void start([way('tcp', 0), way('ws', 100)]).catch(() => undefined)
    lateMs = LATE_START_LAST_MS
    pass(100)
    expect(begun).to.deep.equal(['tcp', 'ws'])
  })

  it('waits no longer when the one who answered is not who they should be', async () => {
    const winner = start([way('tcp', 0), way('ws', 100), way('relay', 300)])
    mock.timers.tick(100)
    answered.get('ws')!()
    open.get('ws')!.reject(new Error('somebody else'))
    await settled()
    mock.timers.tick(200)
    expect(begun).to.deep.equal(['tcp', 'ws', 'relay'])
    open.get('relay')!.resolve('relay')
    expect(await winner).to.equal('relay')
  })

  it('fails with every reason when there is no way, or none at all', async () => {
    const failing = start([way('tcp', 0)])
    open.get('tcp')!.reject(new Error('refused'))
    const err = await failing.catch((reason: unknown) => reason)
    expect(err).to.be.instanceOf(NoWayError)
    expect((err as NoWayError).errors.map(String)).to.deep.equal(['Error: refused'])
    const none = await start([]).catch((reason: unknown) => reason)
    expect(none).to.have.property('name', 'NoWayError')
  })

  it('ends with the signal, and aborts all', async () => {
    const controller = new AbortController()
    const ending = start([way('tcp', 0), way('relay', 100)], controller.signal)
    controller.abort(new Error('enough'))
    expect(String(await ending.catch((reason: unknown) => reason))).to.equal('Error: enough')
    expect(aborted).to.include('tcp')
    mock.timers.tick(100)
    expect(begun).to.deep.equal(['tcp'])
  })
})
