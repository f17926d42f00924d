import { expect } from 'chai'
import { setTimeout as pause } from 'node:timers/promises'
import { WIRE_FRAME_BYTES } from '../../../src/chat/frame/constants.ts'
import { channelPair, manualChannel, Recorder } from '../support/channels.ts'
import { seededBytes } from '../support/random.ts'
import type { Channel } from '../../../src/chat/direct/channel.ts'
import type { ManualStream } from '../support/manual-stream.ts'

const random = seededBytes(11)
const TICK_MS = 10

/** When each `send` of a stream happened, and its size. */
class Observer {
  readonly times: number[] = []
  readonly sizes: number[] = []

  constructor(stream: ManualStream) {
    const send = stream.sendData.bind(stream)
    stream.sendData = (data) => {
      this.times.push(performance.now())
      this.sizes.push(data.byteLength)
      return send(data)
    }
  }

  get gaps(): number[] {
    return this.times.slice(1).map((time, index) => time - (this.times[index] ?? 0))
  }
}

async function observe(busy: boolean, frames: number): Promise<Observer> {
  const { channel, stream } = await manualChannel()
  const observer = new Observer(stream)
  await channel.cover(TICK_MS)
  while (observer.times.length < frames) {
    if (busy) talk(channel)
    await pause(TICK_MS * 3)
  }
  channel.abort(new Error('seen enough'))
  return observer
}

/** What a conversation puts on a channel: short and long, acknowledgements, heartbeats, addresses. */
function talk(channel: Channel): void {
  channel.sendMessage(random(200)).catch(() => undefined)
  if (Math.random() < 0.2) channel.sendMessage(random(2000)).catch(() => undefined)
  channel.acknowledge(random(16))
  if (Math.random() < 0.1) channel.heartbeat()
  if (Math.random() < 0.1) channel.sendAddresses(random(30))
}

/** The largest distance between two distributions. */
function kolmogorovSmirnov(left: readonly number[], right: readonly number[]): number {
  const share = (list: readonly number[], upTo: number): number =>
    list.filter((value) => value <= upTo).length / list.length
  return Math.max(...[...left, ...right].map((at) => Math.abs(share(left, at) - share(right, at))))
}

describe('cover', () => {
  it('sends one frame each tick, the same in size whatever is in it', async () => {
    for (const busy of [false, true]) {
      const { sizes } = await observe(busy, 30)
      expect(new Set(sizes)).to.deep.equal(new Set([WIRE_FRAME_BYTES]))
    }
  })

  it('leaves the times between frames as they are when something is said', async () => {
    // taken by turns in one run, so that whatever else the machine does hits both
    const [idle, busy]: [number[], number[]] = [[], []]
    for (let round = 0; round < 4; round++) {
      const [a, b] = await Promise.all([observe(false, 60), observe(true, 60)])
      idle.push(...a.gaps)
      busy.push(...b.gaps)
    }
    // two samples of one distribution differ by more than this once in ten thousand times
    const critical = 2.23 * Math.sqrt((idle.length + busy.length) / (idle.length * busy.length))
    expect(kolmogorovSmirnov(idle, busy)).to.be.lessThan(critical)
  }).timeout(30_000)

  it('would be caught by that test if real frames left when they were ready', async () => {
    const { channel, stream } = await manualChannel()
    const observer = new Observer(stream)
    while (observer.times.length < 60) {
      talk(channel)
      await pause(TICK_MS * 3)
    }
    const { gaps } = await observe(false, 60)
    expect(kolmogorovSmirnov(gaps, observer.gaps)).to.be.greaterThan(0.5)
  }).timeout(10_000)

  it('carries everything, in order, through being switched on and off in the middle of it', async () => {
    const [left, right] = await channelPair()
    const recorder = new Recorder()
    const ends = [left.run(new Recorder()), right.run(recorder)]
    const messages = Array.from({ length: 60 }, (_, index) => random(1 + ((index * 397) % 3000)))
    const sending: Promise<void>[] = []
    for (const [index, message] of messages.entries()) {
      if (index % 10 === 5) void left.cover(index % 20 === 5 ? 2 : undefined)
      sending.push(left.sendMessage(message))
      if (index % 7 === 0) await pause(3)
    }
    await Promise.all(sending)
    await recorder.received(messages.length)
    await left.close()
    await Promise.all(ends)
    expect(recorder.messages).to.deep.equal(messages)
    expect(await left.closed).to.equal(undefined)
  })

  it('sends what waits at once when the channel says goodbye', async () => {
    const [left, right] = await channelPair()
    const recorder = new Recorder()
    const ends = [left.run(new Recorder()), right.run(recorder)]
    await left.cover(60_000)
    const messages = Array.from({ length: 20 }, () => random(700))
    for (const message of messages) left.sendMessage(message).catch(() => undefined)
    await left.close()
    await Promise.all(ends)
    expect(recorder.messages).to.deep.equal(messages)
  })

  it('does not pile up where the path takes less than its rate', async () => {
    const { channel, stream } = await manualChannel()
    await channel.cover(2)
    stream.hasRoom = false
    await pause(60)
    expect(stream.sent.length).to.be.at.most(2)
    stream.drained()
    await pause(60)
    expect(stream.sent.length).to.be.greaterThan(5)
    channel.abort(new Error('seen enough'))
  })

  it('rejects whoever waits when the channel is lost', async () => {
    const { channel } = await manualChannel()
    await channel.cover(60_000)
    const sending = channel.sendMessage(random(10))
    channel.abort(new RangeError('lost'))
    const error = await sending.catch((err: unknown) => err)
    expect(error).to.be.instanceOf(RangeError)
  })
})
