import { mock } from 'node:test'
import { expect } from 'chai'
import {
  RECONNECT_FIRST_MS,
  RECONNECT_LAST_MS,
  SURPLUS_CHANNEL_MS,
} from '../../../src/chat/conversation/constants.ts'
import { isRelayed, PeerLink, type PeerLinkInit } from '../../../src/chat/conversation/peer-link.ts'
import { ConnectError } from '../../../src/chat/errors.ts'
import { NOW } from '../support/channels.ts'
import { openedChannel, type TestChannel } from '../support/opened-channel.ts'
import { person } from '../support/people.ts'
import { rejection } from '../support/rejection.ts'
import type { Link } from '../../../src/chat/api.ts'
import type { OpenedChannel } from '../../../src/chat/direct/index.ts'

const DIRECT = '/ip4/192.0.2.1/tcp/4001'
const OTHER_DIRECT = '/ip4/192.0.2.2/tcp/4001'

describe('peer link', () => {
  let relayed: string
  let now: number
  let link: PeerLink
  let states: Link[]
  let attempts: number
  let wanted: boolean
  let patient: boolean
  let random: number
  let answer: () => Promise<OpenedChannel>
  let up: OpenedChannel[]

  before(async () => {
    const { peerId } = await person('relay')
    relayed = `/ip4/192.0.2.9/tcp/4001/p2p/${peerId.toString()}/p2p-circuit`
  })

  beforeEach(() => {
    now = NOW
    states = []
    attempts = 0
    wanted = true
    patient = false
    random = 0
    up = []
    answer = () => Promise.reject(new ConnectError('peer-offline', 'away'))
    mock.timers.enable({ apis: ['setTimeout'] })
    link = make()
  })

  afterEach(async () => {
    await link.stop()
    mock.timers.reset()
  })

  function make(changes: Partial<PeerLinkInit> = {}): PeerLink {
    return new PeerLink({
      open: () => {
        attempts++
        return answer()
      },
      onUp: (opened) => void up.push(opened),
      onChange: (state) => void states.push(state),
      wanted: () => wanted,
      patient: () => patient,
      closesSurplus: true,
      now: () => now,
      random: () => random,
      ...changes,
    })
  }

  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
  }

  async function pass(ms: number): Promise<void> {
    now += ms
    mock.timers.tick(ms)
    await settled()
  }

  const channel = (address: string): Promise<TestChannel> => openedChannel(address, () => now)

  describe('while nobody answers', () => {
    it('tries again after pauses that double up to a minute', async () => {
      link.poke()
      await settled()
      expect(attempts).to.equal(1)
      for (let pause = RECONNECT_FIRST_MS, n = 2; n < 12; n++) {
        await pass(pause - 1)
        expect(attempts).to.equal(n - 1)
        await pass(1)
        expect(attempts).to.equal(n)
        pause = Math.min(pause * 2, RECONNECT_LAST_MS)
      }
    })

    it('shortens each pause at random by up to half', async () => {
      random = 1
      link.poke()
      await settled()
      await pass(RECONNECT_FIRST_MS / 2)
      expect(attempts).to.equal(2)
      random = 0.5
      await pass(RECONNECT_FIRST_MS)
      expect(attempts).to.equal(3)
      await pass(RECONNECT_FIRST_MS * 3 - 1)
      expect(attempts).to.equal(3)
      await pass(1)
      expect(attempts).to.equal(4)
    })

    it('says so, with the reason', async () => {
      link.poke()
      await settled()
      expect(states).to.deep.equal([
        { state: 'connecting' },
        { state: 'offline', reason: 'peer-offline' },
      ])
    })

    it('tries once, however many ask at the same time, and doubles the pause once', async () => {
      for (let n = 0; n < 5; n++) link.poke()
      await settled()
      expect(attempts).to.equal(1)
      await pass(RECONNECT_FIRST_MS)
      expect(attempts).to.equal(2)
      await pass(2 * RECONNECT_FIRST_MS - 1)
      expect(attempts).to.equal(2)
      await pass(1)
      expect(attempts).to.equal(3)
      await pass(4 * RECONNECT_FIRST_MS - 1)
      expect(attempts).to.equal(3)
    })

    it('tries at once when asked to, instead of waiting', async () => {
      link.poke()
      await settled()
      link.poke()
      await settled()
      expect(attempts).to.equal(2)
      await pass(RECONNECT_FIRST_MS)
      expect(attempts).to.equal(2)
    })

    it('stops trying when nothing waits any more, when it is stopped, and when somebody else answers', async () => {
      wanted = false
      link.poke()
      await settled()
      await pass(RECONNECT_LAST_MS)
      expect(attempts).to.equal(1)

      wanted = true
      answer = () => Promise.reject(new ConnectError('identity-changed', 'mallory'))
      link.poke()
      await settled()
      await pass(RECONNECT_LAST_MS)
      expect(attempts).to.equal(2)
      expect(link.link).to.deep.equal({ state: 'offline', reason: 'identity-changed' })

      patient = true
      link.poke()
      await settled()
      await pass(RECONNECT_LAST_MS)
      expect(attempts).to.be.above(3)
      patient = false
      await pass(RECONNECT_LAST_MS)
      attempts = 2

      answer = () => Promise.reject(new ConnectError('peer-offline', 'away'))
      link.poke()
      await settled()
      await link.stop()
      await pass(RECONNECT_LAST_MS)
      link.poke()
      expect(attempts).to.equal(3)
    })

    it('gives the one who connects the error', async () => {
      expect(await rejection(() => link.connect())).to.equal('ConnectError')
      expect(link.link).to.deep.equal({ state: 'offline', reason: 'peer-offline' })
    })
  })

  describe('with channels', () => {
    it('is secure on the path of its best channel', async () => {
      const first = await channel(relayed)
      answer = () => Promise.resolve(first)
      expect(await link.connect()).to.equal(first)
      expect(link.link).to.deep.equal({
        state: 'secure',
        path: 'relayed',
        since: NOW,
        multiaddr: relayed,
      })
      expect([await link.connect(), attempts, up.length]).to.deep.equal([first, 1, 1])
    })

    it('takes a direct channel before a relayed one, and a newer before an older', async () => {
      const [circuit, older, newer, laterCircuit] = await Promise.all(
        [relayed, DIRECT, OTHER_DIRECT, relayed].map(channel),
      )
      link.attach(circuit!)
      expect(link.best).to.equal(circuit)
      link.attach(older!)
      expect(link.best).to.equal(older)
      link.attach(newer!)
      link.attach(laterCircuit!)
      expect(link.best).to.equal(newer)
      expect(link.link).to.include({ state: 'secure', path: 'direct', multiaddr: OTHER_DIRECT })
      newer!.channel.abort(new Error('lost'))
      await settled()
      expect(link.best).to.equal(older)
      expect(link.link).to.include({ state: 'secure', multiaddr: DIRECT })
    })

    it('closes the lesser ones after a while, on one side only', async () => {
      for (const closesSurplus of [true, false]) {
        const each = make({ closesSurplus })
        const [circuit, direct] = await Promise.all([relayed, DIRECT].map(channel))
        each.attach(circuit!)
        each.attach(direct!)
        await pass(SURPLUS_CHANNEL_MS - 1)
        expect(circuit!.stream.writeStatus).to.equal('writable')
        await pass(1)
        expect(circuit!.stream.writeStatus).to.equal(closesSurplus ? 'closed' : 'writable')
        expect(direct!.stream.writeStatus).to.equal('writable')
        await each.stop()
      }
    })

    it('tries anew when the last one is lost and something waits, and not otherwise', async () => {
      for (const waits of [true, false]) {
        wanted = waits
        attempts = 0
        const each = make()
        const opened = await channel(DIRECT)
        each.attach(opened)
        await pass(RECONNECT_LAST_MS / 2)
        opened.channel.abort(new Error('lost'))
        await settled()
        await pass(RECONNECT_FIRST_MS)
        expect(attempts > 0).to.equal(waits)
        expect(each.link.state).to.equal('offline')
        await each.stop()
      }
    })

    it('begins its pauses anew once a channel was up', async () => {
      link.poke()
      await settled()
      for (const pause of [1000, 2000, 4000]) await pass(pause)
      const opened = await channel(DIRECT)
      link.attach(opened)
      await pass(RECONNECT_LAST_MS / 2)
      opened.channel.abort(new Error('lost'))
      await settled()
      await pass(RECONNECT_FIRST_MS)
      const before = attempts
      await pass(2 * RECONNECT_FIRST_MS)
      expect(attempts).to.equal(before + 1)
    })

    it('closes all when it is stopped, and what comes up afterwards', async () => {
      const [first, late] = await Promise.all([DIRECT, OTHER_DIRECT].map(channel))
      link.attach(first!)
      await link.stop()
      expect(first!.stream.writeStatus).to.equal('closed')
      link.attach(late!)
      await settled()
      expect(late!.stream.writeStatus).to.equal('closed')
      expect(up).to.deep.equal([first])
    })
  })

  it('calls a WebRTC path direct although its address names the relay', async () => {
    const webrtc = await channel(`${relayed}/webrtc`)
    expect([
      isRelayed(webrtc),
      isRelayed(await channel(relayed)),
      isRelayed(await channel(DIRECT)),
    ]).to.deep.equal([false, true, false])
  })
})
