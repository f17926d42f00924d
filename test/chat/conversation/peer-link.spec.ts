import { mock } from 'node:test'
import { expect } from 'chai'
import {
  JOIN_WITHIN_MS,
  RECONNECT_FIRST_MS,
  RECONNECT_LAST_MS,
  STABLE_CHANNEL_MS,
  SURPLUS_CHANNEL_MS,
} from '../../../src/chat/conversation/constants.ts'
import {
  STAY_CONNECTED_MS,
  SIMULTANEOUS_MS,
  UPGRADE_FIRST_MS,
  UPGRADE_PAUSE_FACTOR,
  UPGRADE_PAUSE_FIRST_MS,
} from '../../../src/chat/connectivity/constants.ts'
import { Rank, rankOf } from '../../../src/chat/connectivity/path.ts'
import { PeerLink } from '../../../src/chat/conversation/peer-link.ts'
import { PROBE_AFTER_MS, SILENT_PATH_MS } from '../../../src/chat/direct/constants.ts'
import { DeadPeerError } from '../../../src/chat/direct/errors.ts'
import { ConnectError } from '../../../src/chat/errors.ts'
import { compareBytes } from '../../../src/crypto/handshake/tie-break.ts'
import { answerPing, NOW } from '../support/channels.ts'
import { openedChannel, type TestChannel } from '../support/opened-channel.ts'
import { person } from '../support/people.ts'
import { rejection } from '../support/rejection.ts'
import type { Link } from '../../../src/chat/api.ts'
import type { PeerLinkInit } from '../../../src/chat/conversation/peer-link-init.ts'
import type { AnswerClock } from '../../../src/chat/direct/answer-clock.ts'
import type { Connection } from '@libp2p/interface'
import type { OpenedChannel } from '../../../src/chat/direct/index.ts'

const DIRECT = '/ip4/192.0.2.1/tcp/4001'
const OTHER_DIRECT = '/ip4/192.0.2.2/tcp/4001'

/** The pong of the ping that went out last. */
function lastPing(answers: AnswerClock): Uint8Array {
  const data = answers.ping()
  return data
}

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
  let better: (relayed: OpenedChannel) => Promise<OpenedChannel>
  let fallbacks: number
  let suspects: string[]
  let avoided: readonly Connection[]
  let giveUp: () => void

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
    fallbacks = 0
    suspects = []
    better = () => Promise.reject(new Error('no better path'))
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
      open: (signal, silent) => {
        attempts++
        avoided = silent
        const aborted = Promise.withResolvers<never>()
        giveUp = () => {
          if (signal?.aborted === true) aborted.reject(new Error('aborted'))
        }
        return Promise.race([answer(), aborted.promise])
      },
      onUp: (opened) => void up.push(opened),
      onChange: (state) => void states.push(state),
      wanted: () => wanted,
      patient: () => patient,
      isFirst: true,
      upgrade: (opened) => better(opened),
      explain: () => 'unreachable',
      onFallback: () => {
        fallbacks++
      },
      suspect: (connection) => void suspects.push(connection.remoteAddr.toString()),
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

  async function answered({ stream, farSession }: TestChannel): Promise<void> {
    await answerPing({ stream, remote: farSession })
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
        transport: 'tcp',
        holePunched: false,
        bytesSent: 0,
        bytesReceived: 0,
        upgrade: { state: 'waiting', nextAt: NOW + UPGRADE_FIRST_MS },
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
      now += SIMULTANEOUS_MS
      link.attach(newer!)
      link.attach(laterCircuit!)
      expect(link.best).to.equal(newer)
      expect(link.link).to.include({ state: 'secure', path: 'direct', multiaddr: OTHER_DIRECT })
      newer!.channel.abort(new Error('lost'))
      await settled()
      expect(link.best).to.equal(older)
      expect(link.link).to.include({ state: 'secure', multiaddr: DIRECT })
      expect(fallbacks).to.equal(1)
    })

    it('settles, of two that came up at once, on the one of the smaller session id, in either order', async () => {
      const both = await Promise.all([DIRECT, OTHER_DIRECT].map(channel))
      const [smaller] = [...both].sort((a, b) =>
        compareBytes(a.channel.session.id, b.channel.session.id),
      )
      for (const order of [both, [...both].reverse()]) {
        const each = make({ isFirst: false })
        for (const opened of order) each.attach(opened)
        expect(each.best).to.equal(smaller)
      }
    })

    it('closes the lesser of two alike after a while, on one side only', async () => {
      for (const isFirst of [true, false]) {
        const each = make({ isFirst })
        const both = await Promise.all([DIRECT, OTHER_DIRECT].map(channel))
        for (const opened of both) each.attach(opened)
        const lesser = both.find((opened) => opened !== each.best)
        // an old one is asked whether it lives; here nobody answers, and that is another matter
        both.forEach(({ channel: { answers } }) => answers.pong(lastPing(answers)))
        await pass(SURPLUS_CHANNEL_MS / 2)
        both.forEach(({ channel: { answers } }) => answers.pong(lastPing(answers)))
        await pass(SURPLUS_CHANNEL_MS / 2 - 1)
        expect(lesser!.stream.writeStatus).to.equal('writable')
        await pass(1)
        expect(lesser!.stream.writeStatus).to.equal(isFirst ? 'closed' : 'writable')
        expect(fallbacks).to.equal(0)
        await each.stop()
      }
    })

    it('keeps the lesser of two alike while the other side speaks on it', async () => {
      const each = make({ isFirst: true })
      const both = await Promise.all([DIRECT, OTHER_DIRECT].map(channel))
      for (const opened of both) each.attach(opened)
      const lesser = both.find((opened) => opened !== each.best)!
      for (let second = 0; second < 5; second++) {
        both.forEach(({ channel: { answers } }) => answers.pong(lastPing(answers)))
        await pass(SURPLUS_CHANNEL_MS - 1)
        lesser.channel.heartbeat()
        await settled()
        await answered(lesser)
      }
      expect(lesser.stream.writeStatus).to.equal('writable')
      both.forEach(({ channel: { answers } }) => answers.pong(lastPing(answers)))
      await pass(SURPLUS_CHANNEL_MS)
      expect(lesser.stream.writeStatus).to.equal('closed')
      await each.stop()
    })

    it('keeps a relayed one below a direct one, in case', async () => {
      const [circuit, direct] = await Promise.all([relayed, DIRECT].map(channel))
      link.attach(circuit!)
      link.attach(direct!)
      await pass(2 * SURPLUS_CHANNEL_MS)
      expect(circuit!.stream.writeStatus).to.equal('writable')
      direct!.channel.abort(new Error('lost'))
      await settled()
      expect([link.best, fallbacks, attempts]).to.deep.equal([circuit, 1, 0])
      expect(link.link).to.include({ state: 'secure', path: 'relayed' })
    })

    it('looks for a better path while it has a relayed one, with growing pauses, and says so', async () => {
      const circuit = await channel(relayed)
      let tries = 0
      better = () => {
        tries++
        return Promise.reject(new Error('still behind a NAT'))
      }
      link.attach(circuit)
      await pass(UPGRADE_FIRST_MS)
      expect(tries).to.equal(1)
      expect(link.link).to.deep.include({
        upgrade: { state: 'waiting', nextAt: now + UPGRADE_PAUSE_FIRST_MS, reason: 'unreachable' },
      })
      await pass(UPGRADE_PAUSE_FIRST_MS)
      await pass(UPGRADE_PAUSE_FACTOR * UPGRADE_PAUSE_FIRST_MS - 1)
      expect(tries).to.equal(2)
      await pass(1)
      expect(tries).to.equal(3)
      link.hint()
      await pass(0)
      expect(tries).to.equal(4)
      expect(link.best).to.equal(circuit)
    })

    it('moves to the better path once there is one, and looks no further', async () => {
      const [circuit, direct] = await Promise.all([relayed, DIRECT].map(channel))
      let tries = 0
      better = (of) => {
        tries++
        expect(of).to.equal(circuit)
        return Promise.resolve(direct!)
      }
      link.attach(circuit!)
      await pass(UPGRADE_FIRST_MS)
      expect([link.best, tries, up]).to.deep.equal([direct, 1, [circuit, direct]])
      expect(link.link).not.to.have.property('upgrade')
      link.hint()
      await pass(UPGRADE_PAUSE_FIRST_MS)
      expect(tries).to.equal(1)
    })

    it('suspects the connection of a channel that died of silence, and of no other', async () => {
      const [dead, closed] = await Promise.all([DIRECT, OTHER_DIRECT].map(channel))
      link.attach(dead!)
      dead!.channel.abort(new DeadPeerError('silence'))
      await settled()
      link.attach(closed!)
      closed!.channel.abort(new Error('reset'))
      await settled()
      expect(suspects).to.deep.equal([DIRECT])
    })

    it('takes another way while its path is silent, and goes back when that speaks again', async () => {
      const [silent, spare] = await Promise.all([DIRECT, relayed].map(channel))
      link.attach(silent!)
      answer = () => Promise.resolve(spare!)
      await silent!.channel.sendMessage(new Uint8Array(1))
      await pass(PROBE_AFTER_MS)
      expect([attempts, link.best]).to.deep.equal([0, silent])
      await pass(SILENT_PATH_MS - PROBE_AFTER_MS + 1)
      await settled()
      expect([attempts, avoided, link.best]).to.deep.equal([1, [silent!.connection], spare])
      expect(link.link).to.include({ path: 'relayed' })
      silent!.channel.answers.heard()
      expect([link.best, fallbacks]).to.deep.equal([silent, 1])
      expect(silent!.stream.status).to.equal('open')
    })

    it('falls back to a path only once that was heard, and asks it in time', async () => {
      const [spare, silent] = await Promise.all([relayed, DIRECT].map(channel))
      link.attach(spare!)
      link.attach(silent!)
      answer = () => new Promise(() => undefined)
      await silent!.channel.sendMessage(new Uint8Array(1))
      await pass(PROBE_AFTER_MS)
      expect(spare!.stream.sent).to.have.lengthOf(1)
      await pass(SILENT_PATH_MS - PROBE_AFTER_MS + 1)
      expect([link.best, fallbacks]).to.deep.equal([silent, 0])
      await answered(spare!)
      expect([link.best, fallbacks]).to.deep.equal([spare, 1])
    })

    it('looks again for another way, while its path is silent, when somebody new is connected', async () => {
      const [silent, spare] = await Promise.all([DIRECT, relayed].map(channel))
      link.attach(silent!)
      answer = () => new Promise(() => undefined)
      await silent!.channel.sendMessage(new Uint8Array(1))
      await pass(PROBE_AFTER_MS)
      await pass(SILENT_PATH_MS - PROBE_AFTER_MS + 1)
      expect(attempts).to.equal(1)
      answer = () => Promise.resolve(spare!)
      link.chance()
      await settled()
      expect([attempts, link.best]).to.deep.equal([2, spare])
      link.chance()
      expect(attempts).to.equal(2)
    })

    it('begins anew when somebody new is connected, instead of waiting for what does not answer', async () => {
      const direct = await channel(DIRECT)
      answer = () => new Promise(() => undefined)
      const connected = link.connect()
      link.chance()
      await settled()
      expect(attempts).to.equal(1)
      answer = () => Promise.resolve(direct)
      giveUp()
      await connected
      expect([attempts, link.best]).to.deep.equal([2, direct])
      link.chance()
      await settled()
      expect(attempts).to.equal(2)
    })

    it('begins anew ever more seldom where somebody new is connected again and again', async () => {
      answer = () => new Promise(() => undefined)
      link.poke()
      const begun: number[] = []
      for (let ms = 0; ms < 20_000; ms += 100) {
        const before = attempts
        link.chance()
        giveUp()
        await pass(100)
        if (attempts > before) begun.push(ms)
      }
      expect(begun.slice(0, 3)).to.deep.equal([0, 500, 1500])
      expect(begun).to.have.length(6)
    })

    it('takes a chance at once that comes after a conversation', async () => {
      const direct = await channel(DIRECT)
      answer = () => new Promise(() => undefined)
      link.poke()
      for (let time = 0; time < 4; time++) {
        link.chance()
        giveUp()
        await pass(4000)
      }
      answer = () => Promise.resolve(direct)
      link.chance()
      giveUp()
      await pass(8000)
      expect(link.best).to.equal(direct)
      answer = () => new Promise(() => undefined)
      direct.channel.abort(new DeadPeerError('gone'))
      await settled()
      link.poke()
      const before = attempts
      link.chance()
      giveUp()
      await settled()
      expect(attempts).to.equal(before + 1)
    })

    it('begins anew for the one who connects, unless the attempt has just begun', async () => {
      const direct = await channel(DIRECT)
      answer = () => new Promise(() => undefined)
      link.poke()
      now += JOIN_WITHIN_MS - 1
      const early = link.connect()
      giveUp()
      await settled()
      expect(attempts).to.equal(1)
      now += 1
      void link.join()
      giveUp()
      await settled()
      expect(attempts).to.equal(1)
      answer = () => Promise.resolve(direct)
      const late = link.connect()
      giveUp()
      expect(await Promise.all([early, late])).to.deep.equal([direct, direct])
      expect(attempts).to.equal(2)
    })

    it('begins anew, once, when an attempt fails that began before the one who connects asked', async () => {
      const outcomes: PromiseWithResolvers<OpenedChannel>[] = []
      answer = () => {
        const outcome = Promise.withResolvers<OpenedChannel>()
        outcomes.push(outcome)
        return outcome.promise
      }
      link.poke()
      const connected = rejection(() => link.connect())
      outcomes[0]?.reject(new ConnectError('peer-offline', 'at the old address'))
      await settled()
      expect(attempts).to.equal(2)
      outcomes[1]?.reject(new ConnectError('identity-changed', 'at the new one'))
      expect(await connected).to.equal('ConnectError')
      expect(link.link).to.deep.equal({ state: 'offline', reason: 'identity-changed' })
      expect(attempts).to.equal(2)
    })

    it('asks on every channel when connections are in doubt, and tries at once where there is none', async () => {
      const direct = await channel(DIRECT)
      link.attach(direct)
      link.doubt()
      await settled()
      expect(direct.stream.sent).to.have.lengthOf(1)
      expect(attempts).to.equal(0)
      direct.channel.abort(new Error('lost'))
      await settled()
      attempts = 0
      link.doubt()
      await settled()
      expect(attempts).to.equal(1)
    })

    it('comes back when the last one is lost: while something waits, and for a while otherwise', async () => {
      for (const waits of [true, false]) {
        wanted = waits
        attempts = 0
        const each = make()
        const opened = await channel(DIRECT)
        each.attach(opened)
        await pass(STABLE_CHANNEL_MS)
        opened.channel.abort(new Error('lost'))
        await settled()
        expect(attempts).to.equal(1)
        await pass(STAY_CONNECTED_MS)
        attempts = 0
        await pass(RECONNECT_LAST_MS)
        await pass(RECONNECT_LAST_MS)
        expect(attempts > 0).to.equal(waits)
        expect(each.link.state).to.equal('offline')
        await each.stop()
      }
    })

    it('takes a channel that died without a word for no success, however long that took to notice', async () => {
      const dead = await channel(DIRECT)
      link.attach(dead)
      await pass(STABLE_CHANNEL_MS)
      dead.channel.abort(new DeadPeerError('gone'))
      await settled()
      expect(attempts).to.equal(0)
      await pass(RECONNECT_FIRST_MS)
      expect(attempts).to.equal(1)
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
    const ways = await Promise.all([`${relayed}/webrtc`, relayed, DIRECT].map(channel))
    const isRelayed = ways.map(({ connection }) => rankOf(connection) === Rank.relayed)
    expect(isRelayed).to.deep.equal([false, true, false])
  })
})
