import { mock } from 'node:test'
import { expect } from 'chai'
import {
  ANSWER_DEADLINE_MS,
  ANSWER_RATE,
  BEHIND_FACTOR,
  BEHIND_MS,
  DEAD_PEER_MS,
  DOUBTED_PATH_MS,
  HEARTBEAT_INTERVAL_MS,
  IDLE_DEADLINE_MS,
  LATE_TIMER_MS,
  PROBE_AFTER_MS,
  SILENT_PATH_MS,
} from '../../../src/chat/direct/constants.ts'
import { keepAlive } from '../../../src/chat/direct/keep-alive.ts'
import { FrameType } from '../../../src/chat/frame/constants.ts'
import { answerPing, manualChannel, Recorder } from '../support/channels.ts'

const settled = (): Promise<void> => new Promise(setImmediate)
/** The middle of the jitter: the interval as it stands. */
const noJitter = (): number => 0.5

/** Timers are this late at most. */
const STEP_MS = BEHIND_MS / 2

describe('keep-alive', () => {
  let now: number
  let doubts: number
  let silences: number

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
    doubts = silences = 0
    const alive = keepAlive(made.channel, {
      now: () => now,
      random,
      onDoubt: () => doubts++,
      onSilent: () => silences++,
    })
    /** Nothing ran for so long. */
    const stall = async (ms: number): Promise<number> => {
      now += ms
      mock.timers.tick(ms)
      await settled()
      return made.stream.sent.length
    }
    const pass = async (ms: number): Promise<number> => {
      for (let left = ms; left > STEP_MS; left -= STEP_MS) await stall(STEP_MS)
      return stall(ms % STEP_MS || Math.min(ms, STEP_MS))
    }
    const answer = async (): Promise<void> => {
      await answerPing(made)
      await settled()
      await settled()
    }
    return { ...made, ...alive, stall, pass, answer }
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
    const { channel, pass, answer } = await start()
    await pass(HEARTBEAT_INTERVAL_MS * 0.75)
    await channel.sendMessage(new Uint8Array(1))
    expect(await pass(PROBE_AFTER_MS)).to.equal(2)
    await answer()
    expect(await pass(HEARTBEAT_INTERVAL_MS * 0.25 - PROBE_AFTER_MS)).to.equal(2)
    expect(await pass(HEARTBEAT_INTERVAL_MS)).to.equal(3)
  })

  it('shifts each heartbeat by up to 30% either way', async () => {
    const early = await start(() => 0)
    expect(await early.pass(HEARTBEAT_INTERVAL_MS * 0.7)).to.equal(1)
    const late = await start(() => 1)
    expect(await late.pass(HEARTBEAT_INTERVAL_MS * 1.3 - 1)).to.equal(0)
    expect(await late.pass(1)).to.equal(1)
  })

  it('ends the channel when a heartbeat is not answered, and not at once', async () => {
    const { channel, stream, pass } = await start()
    await pass(HEARTBEAT_INTERVAL_MS)
    await pass(PROBE_AFTER_MS)
    await pass(IDLE_DEADLINE_MS - PROBE_AFTER_MS - 1)
    expect(stream.status).to.equal('open')
    await pass(1)
    expect((await channel.closed)?.name).to.equal('DeadPeerError')
    expect(stream.status).to.equal('aborted')
  })

  it('ends the channel when nothing came for very long, whatever was asked', async () => {
    const { channel, stop, pass } = await start()
    stop()
    keepAlive(channel, {
      now: () => now,
      random: noJitter,
      onDoubt: () => undefined,
      onSilent: () => undefined,
    })
    channel.answers.onWaiting = () => undefined
    while (now - channel.lastReceivedAt <= DEAD_PEER_MS) await pass(HEARTBEAT_INTERVAL_MS)
    expect((await channel.closed)?.name).to.equal('DeadPeerError')
  })

  it('asks after a second without an answer to a message, says so, and gives up after ten', async () => {
    const { channel, stream, pass } = await start()
    await channel.sendMessage(new Uint8Array(1))
    expect(await pass(PROBE_AFTER_MS - 1)).to.equal(1)
    expect(await pass(1)).to.equal(2)
    expect(stream.sent[1]![2]).to.equal(FrameType.heartbeat)
    await pass(SILENT_PATH_MS - PROBE_AFTER_MS - 1)
    expect([doubts, silences]).to.deep.equal([1, 0])
    await pass(2)
    expect([doubts, silences]).to.deep.equal([1, 1])
    for (let ms = SILENT_PATH_MS; ms < ANSWER_DEADLINE_MS - 500; ms += 500) await pass(500)
    expect(stream.status).to.equal('open')
    await pass(500)
    expect((await channel.closed)?.name).to.equal('DeadPeerError')
  })

  it('knows the round-trip time once it was answered, and waits for nothing any more', async () => {
    const { channel, stream, pass, answer } = await start()
    await channel.sendMessage(new Uint8Array(1))
    await pass(PROBE_AFTER_MS)
    now += 120
    await answer()
    expect(channel.answers.rttMs).to.equal(120)
    expect(channel.answers.waitingSince).to.equal(undefined)
    expect(await pass(ANSWER_DEADLINE_MS)).to.equal(2)
    expect(stream.status).to.equal('open')
  })

  it('asks about the next message as soon, however late it was to look again', async () => {
    const { channel, stream, pass, answer } = await start()
    await channel.sendMessage(new Uint8Array(1))
    await pass(PROBE_AFTER_MS)
    await pass(SILENT_PATH_MS)
    expect(silences).to.equal(1)
    await answer()
    await channel.sendMessage(new Uint8Array(1))
    expect(await pass(PROBE_AFTER_MS - 1)).to.equal(3)
    expect(await pass(1)).to.equal(4)
    expect(stream.sent[3]![2]).to.equal(FrameType.heartbeat)
  })

  it('gives a thin line the time that what is under way takes', async () => {
    const { channel, stream, pass } = await start()
    const bytes = 64 * 1024
    await channel.sendMessage(new Uint8Array(bytes))
    const lastSecond = Math.floor((ANSWER_DEADLINE_MS + bytes / ANSWER_RATE) / 1000)
    for (let second = 0; second < lastSecond; second++) await pass(1000)
    expect(stream.status).to.equal('open')
    await pass(1000)
    expect((await channel.closed)?.name).to.equal('DeadPeerError')
  })

  it('gives somebody who took long for the handshake as long for an answer, until it knows better', async () => {
    const { channel, stream, pass } = await start()
    const handshakeMs = 8000
    channel.answers.expect(handshakeMs)
    expect(channel.answers.rttMs).to.equal(undefined)
    await channel.sendMessage(new Uint8Array(1))
    for (let ms = 0; ms < PROBE_AFTER_MS + 4 * handshakeMs; ms += 500) {
      expect(stream.status).to.equal('open')
      await pass(500)
    }
    await pass(500)
    expect(stream.status).to.equal('aborted')
    expect((await channel.closed)?.name).to.equal('DeadPeerError')
  })

  it('holds no silence against the other side in which we stood still ourselves', async () => {
    const { channel, stream, stall, pass } = await start()
    await channel.sendMessage(new Uint8Array(1))
    now += 60_000
    await stall(PROBE_AFTER_MS)
    expect(now - channel.lastReceivedAt).to.be.above(LATE_TIMER_MS)
    expect(stream.status).to.equal('open')
    for (let ms = 0; ms <= ANSWER_DEADLINE_MS; ms += 500) await pass(500)
    expect((await channel.closed)?.name).to.equal('DeadPeerError')
  })

  it('waits longer for others while it is late itself', async () => {
    const { channel, stream, stall, pass } = await start()
    await channel.sendMessage(new Uint8Array(1))
    const lateMs = 4 * BEHIND_MS
    await stall(PROBE_AFTER_MS + lateMs)
    const behindMs = BEHIND_FACTOR * lateMs
    await pass(SILENT_PATH_MS - PROBE_AFTER_MS - lateMs + behindMs - 1)
    expect([doubts, silences]).to.deep.equal([1, 0])
    await pass(1)
    expect(silences).to.equal(0)
    await pass(1)
    expect([doubts, silences, stream.status]).to.deep.equal([1, 1, 'open'])
  })

  it('asks at once when told to, and wants the answer soon', async () => {
    const { channel, probe, pass } = await start()
    probe()
    expect(await pass(0)).to.equal(1)
    for (let ms = 0; ms <= ANSWER_DEADLINE_MS; ms += 500) await pass(500)
    expect((await channel.closed)?.name).to.equal('DeadPeerError')
  })

  it('tells of a silence soon where there was a doubt and answers are quick', async () => {
    const { channel, probe, pass, answer } = await start()
    probe()
    await pass(20)
    await answer()
    await settled()
    expect(channel.answers.rttMs).to.equal(20)
    probe()
    await pass(DOUBTED_PATH_MS - 1)
    expect(silences).to.equal(0)
    await pass(1)
    expect(silences).to.equal(1)
    await answer()
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
