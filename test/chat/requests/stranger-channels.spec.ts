import { expect } from 'chai'
import {
  ALL_STRANGERS_FRAMES_PER_SECOND,
  MAX_STRANGER_CHANNELS,
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

  it('take turns: ten that flood leave each frame of another its turn', async function () {
    this.timeout(10_000)
    const pace = new StrangerPace(() => performance.now())
    let opened = 0
    let isOver = false
    const flood = async (): Promise<void> => {
      const turn = pace.channel()
      while (!isOver) {
        await turn()
        opened++
      }
    }
    const floods = Array.from({ length: 10 }, flood)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const [since, before] = [performance.now(), opened]
    const honest = pace.channel()
    for (let frame = 0; frame < 3; frame++) await honest()
    const seconds = (performance.now() - since) / 1000
    isOver = true
    await Promise.all(floods)
    expect(seconds).to.be.below(2)
    expect((opened - before) / seconds).to.be.below(ALL_STRANGERS_FRAMES_PER_SECOND * 1.5)
  })
})
