import { mock } from 'node:test'
import { expect } from 'chai'
import { DEAD_PEER_MS, HEARTBEAT_INTERVAL_MS } from '../../../src/chat/direct/constants.ts'
import { keepAlive } from '../../../src/chat/direct/keep-alive.ts'
import { manualChannel, Recorder } from '../support/channels.ts'

const settled = (): Promise<void> => new Promise(setImmediate)
/** The middle of the jitter: the interval as it stands. */
const noJitter = (): number => 0.5

describe('keep-alive', () => {
  let now: number

  beforeEach(() => {
    now = 1_700_000_000_000
    mock.timers.enable({ apis: ['setTimeout'] })
  })

  afterEach(() => {
    mock.timers.reset()
  })

  async function start(random = noJitter) {
    const made = await manualChannel(() => now)
    void made.channel.run(new Recorder())
    const stop = keepAlive(made.channel, () => now, random)
    const pass = async (ms: number): Promise<number> => {
      now += ms
      mock.timers.tick(ms)
      await settled()
      return made.stream.sent.length
    }
    return { ...made, stop, pass }
  }

  it('sends a heartbeat when nothing else went out', async () => {
    const { stream, pass } = await start()
    expect(await pass(HEARTBEAT_INTERVAL_MS - 1)).to.equal(0)
    expect(await pass(1)).to.equal(1)
    expect(stream.sent[0]![2]).to.equal(4)
    expect(stream.sent[0]).to.have.lengthOf(1026)
    expect(await pass(HEARTBEAT_INTERVAL_MS)).to.equal(2)
  })

  it('stays silent where a message went out lately', async () => {
    const { channel, pass } = await start()
    await pass(HEARTBEAT_INTERVAL_MS * 0.75)
    await channel.sendMessage(new Uint8Array(1))
    expect(await pass(HEARTBEAT_INTERVAL_MS * 0.25)).to.equal(1)
    expect(await pass(HEARTBEAT_INTERVAL_MS)).to.equal(2)
  })

  it('shifts each heartbeat by up to 30% either way', async () => {
    const early = await start(() => 0)
    expect(await early.pass(HEARTBEAT_INTERVAL_MS * 0.7)).to.equal(1)
    const late = await start(() => 1)
    expect(await late.pass(HEARTBEAT_INTERVAL_MS * 1.3 - 1)).to.equal(0)
    expect(await late.pass(1)).to.equal(1)
  })

  it('ends the channel when nothing came for too long, and not before', async () => {
    const { channel, stream, pass } = await start()
    while (now - channel.lastReceivedAt + HEARTBEAT_INTERVAL_MS <= DEAD_PEER_MS) {
      await pass(HEARTBEAT_INTERVAL_MS)
      expect(stream.status).to.equal('open')
    }
    await pass(HEARTBEAT_INTERVAL_MS)
    expect((await channel.closed)?.name).to.equal('DeadPeerError')
    expect(stream.status).to.equal('aborted')
  })

  it('stops when told to, and when the channel ends', async () => {
    const stopped = await start()
    stopped.stop()
    expect(await stopped.pass(10 * HEARTBEAT_INTERVAL_MS)).to.equal(0)
    const ended = await start()
    ended.channel.abort(new Error('over'))
    await settled()
    expect(await ended.pass(10 * HEARTBEAT_INTERVAL_MS)).to.equal(0)
  })
})
