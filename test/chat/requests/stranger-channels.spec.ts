import { expect } from 'chai'
import {
  ALL_STRANGER_HANDSHAKES_WINDOW_MS,
  ALL_STRANGERS_FRAMES_PER_SECOND,
  MAX_STRANGER_CHANNELS,
  MAX_STRANGER_HANDSHAKES,
  MAX_STRANGER_HANDSHAKES_PER_PEER,
  STRANGER_HANDSHAKES_WINDOW_MS,
} from '../../../src/chat/requests/constants.ts'
import { StrangerChannels } from '../../../src/chat/requests/stranger-channels.ts'
import { StrangerPace } from '../../../src/chat/requests/stranger-pace.ts'
import type { OpenedChannel } from '../../../src/chat/direct/index.ts'

/** A channel of somebody, silent since a time. */
function channelOf(fingerprint: string, lastReceivedAt: number) {
  const closed = Promise.withResolvers<Error | undefined>()
  const channel = {
    closed: closed.promise,
    lastReceivedAt,
    abort: (err: Error): void => {
      closed.resolve(err)
    },
    close: (): Promise<void> => {
      closed.resolve(undefined)
      return Promise.resolve()
    },
  }
  return { channel, remote: { fingerprint } } as unknown as OpenedChannel
}

describe('channels of strangers', () => {
  let now: number
  let channels: StrangerChannels

  beforeEach(() => {
    now = 0
    channels = new StrangerChannels({ now: () => now, hasAsked: () => false })
  })
  afterEach(() => {
    channels.stop()
  })

  it('are few: the one that was silent for longest makes place', async () => {
    const opened = Array.from({ length: MAX_STRANGER_CHANNELS }, (_, index) =>
      channelOf(`stranger ${String(index)}`, index === 7 ? 1 : 100 + index),
    )
    for (const one of opened) channels.add(one)
    channels.add(channelOf('one more', 500))
    expect(channels.size).to.equal(MAX_STRANGER_CHANNELS)
    expect(await opened[7]?.channel.closed).to.have.property('name', 'TooManyStrangersError')
  })

  it('are two of one stranger at most', () => {
    channels.add(channelOf('mallory', 0))
    channels.add(channelOf('mallory', 0))
    expect(() => {
      channels.add(channelOf('mallory', 0))
    })
      .to.throw()
      .with.property('name', 'TooManyStrangersError')
    channels.release('mallory')
    expect(channels.size).to.equal(0)
  })

  it('begin with a bounded number of handshakes, one peer not at the cost of another', () => {
    const allowed = Array.from({ length: MAX_STRANGER_HANDSHAKES_PER_PEER + 3 }, () =>
      channels.mayShakeHands('mallory'),
    )
    expect(allowed.filter(Boolean)).to.have.length(MAX_STRANGER_HANDSHAKES_PER_PEER)
    expect(channels.mayShakeHands('carol')).to.equal(true)
    now += STRANGER_HANDSHAKES_WINDOW_MS
    expect(channels.mayShakeHands('mallory')).to.equal(true)
  })

  it('begin, however many they are, with no more at once than take a tenth of a second', () => {
    const allowed = Array.from({ length: 200 }, (_, n) => channels.mayShakeHands(`mallory ${n}`))
    expect(allowed.filter(Boolean)).to.have.length(MAX_STRANGER_HANDSHAKES)
    now += ALL_STRANGER_HANDSHAKES_WINDOW_MS
    expect(channels.mayShakeHands('carol')).to.equal(true)
  })

  /** Frames a second that ten strangers get, and the seconds that one more waits for three, where timers are late. */
  async function paced(lateMs: number): Promise<{ rate: number; honestSeconds: number }> {
    let elapsed = 0
    const sleeping: { at: number; wake: () => void }[] = []
    const pace = new StrangerPace(
      () => elapsed,
      (ms) =>
        new Promise((wake) => {
          sleeping.push({ at: elapsed + ms, wake })
        }),
    )
    /** Lets time pass until the next of those that sleep is woken, late. */
    const next = async (): Promise<void> => {
      sleeping.sort((a, b) => a.at - b.at)
      const first = sleeping.shift()
      elapsed = Math.max(elapsed, (first?.at ?? elapsed) + lateMs)
      first?.wake()
      await new Promise(setImmediate)
    }
    let opened = 0
    let isOver = false
    const floods = Array.from({ length: 10 }, async () => {
      const turn = pace.channel()
      while (!isOver) {
        await turn()
        opened++
      }
    })
    await new Promise(setImmediate)
    while (elapsed < 10_000) await next()
    const rate = (opened / elapsed) * 1000
    const since = elapsed
    let isServed = false
    const honest = pace.channel()
    const served = (async () => {
      for (let frame = 0; frame < 3; frame++) await honest()
      isServed = true
    })()
    while (!isServed) await next()
    const honestSeconds = (elapsed - since) / 1000
    isOver = true
    while (sleeping.length > 0) await next()
    await Promise.all([served, ...floods])
    return { rate, honestSeconds }
  }

  it('take turns: ten that flood leave each frame of another its turn', async () => {
    const { rate, honestSeconds } = await paced(1)
    expect(rate).to.be.within(
      ALL_STRANGERS_FRAMES_PER_SECOND * 0.5,
      ALL_STRANGERS_FRAMES_PER_SECOND * 1.1,
    )
    expect(honestSeconds).to.be.below(1)
  })

  it('wait many times as long on a machine that has no time for us, and have their turns all the same', async () => {
    const { rate, honestSeconds } = await paced(20)
    expect(rate).to.be.below(ALL_STRANGERS_FRAMES_PER_SECOND / 10)
    expect(honestSeconds).to.be.below(30)
  })
})
