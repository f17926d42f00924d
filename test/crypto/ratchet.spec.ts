import { expect } from 'chai'
import { inspect } from 'node:util'
import { concatBytes } from '../../src/crypto/bytes.ts'
import { SEALED_BYTES } from '../../src/crypto/session.ts'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import {
  block,
  connect,
  copyOf,
  FRAME_TYPE,
  hear,
  makeWorld,
  say,
  type World,
} from './support/ratchet-pair.ts'
import { rejection } from './support/rejection.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

for (const crypto of [nodeCrypto, webCrypto]) {
  describe(`ratchet: ${crypto.name}`, () => {
    let world: World

    beforeEach(async () => {
      world = await makeWorld(crypto)
    })

    it('lets both sides seal first, at once', async () => {
      const { a, b } = await connect(world)
      const there = await say(a, 'from alice')
      const back = await say(b, 'from bob')
      expect(there).to.have.length(SEALED_BYTES)
      expect(await hear(b, there)).to.equal('from alice')
      expect(await hear(a, back)).to.equal('from bob')
    })

    it('carries a conversation that changes direction', async () => {
      const { a, b } = await connect(world)
      for (let i = 0; i < 12; i++) {
        const [from, to] = i % 3 === 0 ? [b, a] : [a, b]
        expect(await hear(to, await say(from, `line ${String(i)}`))).to.equal(`line ${String(i)}`)
      }
    })

    it('carries a conversation in which blocks cross', async () => {
      const { a, b } = await connect(world)
      for (let i = 0; i < 5; i++) {
        const there = [await say(a, 'a1'), await say(a, 'a2')]
        const back = [await say(b, 'b1'), await say(b, 'b2')]
        for (const sealed of there) await hear(b, sealed)
        for (const sealed of back) await hear(a, sealed)
      }
      expect(await hear(b, await say(a, 'end'))).to.equal('end')
    })

    it('opens blocks in any order, over turns and epochs', async () => {
      world = await makeWorld(crypto, { maxChainMessages: 3 })
      const { a, b } = await connect(world)
      const late: [Uint8Array, string][] = []
      for (let turn = 0; turn < 3; turn++) {
        for (let i = 0; i < 8; i++) {
          const words = `turn ${String(turn)} block ${String(i)}`
          late.push([await say(a, words), words])
        }
        const [last] = late.splice(-1)
        expect(await hear(b, last?.[0] ?? new Uint8Array())).to.equal(last?.[1])
        await hear(a, await say(b, 'go on'))
      }
      for (const [sealed, words] of late.reverse()) expect(await hear(b, sealed)).to.equal(words)
    })

    it('names a replay, at once, later in the chain, and after the turn is over', async () => {
      const { a, b } = await connect(world)
      const first = await say(a, 'first')
      await hear(b, first)
      expect(await rejection(() => hear(b, first))).to.equal('ReplayedFrameError')
      await hear(b, await say(a, 'second'))
      expect(await rejection(() => hear(b, first))).to.equal('ReplayedFrameError')
      for (let i = 0; i < 3; i++) {
        await hear(a, await say(b, 'turn'))
        await hear(b, await say(a, 'turn'))
      }
      expect(await rejection(() => hear(b, first))).to.equal('ReplayedFrameError')
    })

    it('refuses an altered, cut, stretched, re-typed or mirrored block without moving', async () => {
      const { a, b } = await connect(world)
      const sealed = await say(a, 'whole')
      for (const at of [0, 12, 50, 101, 600, SEALED_BYTES - 1]) {
        const altered = sealed.slice()
        altered[at] = (altered[at] ?? 0) ^ 1
        expect(await rejection(() => hear(b, altered))).to.equal('DecryptionError')
      }
      for (const wrong of [
        new Uint8Array(),
        sealed.subarray(1),
        concatBytes(sealed, Uint8Array.of(0)),
      ]) {
        expect(await rejection(() => hear(b, wrong))).to.equal('DecryptionError')
      }
      expect(await rejection(() => b.open(FRAME_TYPE + 1, sealed))).to.equal('DecryptionError')
      expect(await rejection(() => hear(a, sealed))).to.equal('DecryptionError')
      expect(await hear(b, sealed)).to.equal('whole')
    })

    it('refuses blocks of another session of the same two people', async () => {
      const { a } = await connect(world)
      const { b } = await connect(world)
      const sealed = await say(a, 'elsewhere')
      expect(await rejection(() => hear(b, sealed))).to.equal('DecryptionError')
    })

    it('begins a new epoch after 100 blocks without an answer', async () => {
      const { a, b } = await connect(world)
      for (let i = 0; i < 99; i++) await hear(b, await say(a, 'x'))
      const thief = await copyOf(world, a)
      const hundredth = await say(a, 'hundredth')
      const next = await say(a, 'next chain')
      expect(await hear(b, hundredth)).to.equal('hundredth')
      expect(await hear(b, next)).to.equal('next chain')
      // The thief has what sealed both, and reads neither a new chain nor what is sealed to it.
      await say(thief, 'hundredth')
      const forged = await say(thief, 'forged')
      expect(await rejection(() => hear(b, forged))).to.equal('RolledBackStateError')
    })

    it('keeps to lower limits, and takes no higher ones', async () => {
      world = await makeWorld(crypto, { maxChainMessages: 1 })
      const { a, b } = await connect(world)
      for (let i = 0; i < 5; i++)
        expect(await hear(b, await say(a, 'each its own'))).to.be.a('string')
      for (const limits of [
        { maxChainMessages: 101 },
        { maxChainMessages: 0 },
        { maxChainAgeMs: HOUR_MS + 1 },
      ]) {
        expect(await rejection(() => makeWorld(crypto, limits))).to.equal('RangeError')
      }
    })

    it('follows over a thousand lost epochs, and not further', async () => {
      world = await makeWorld(crypto, { maxChainMessages: 1 })
      const { a, b } = await connect(world)
      await hear(b, await say(a, 'first'))
      for (let i = 0; i < 1024; i++) await say(a, 'lost')
      const last = await say(a, 'found')
      await say(a, 'lost')
      expect(await hear(b, last)).to.equal('found')
      for (let i = 0; i < 1024; i++) await say(a, 'lost')
      const beyond = await say(a, 'too far')
      expect(await rejection(() => hear(b, beyond))).to.equal('DecryptionError')
    }).timeout(60_000)

    it('forgets the keys of blocks that did not come within 14 days', async () => {
      const { a, b } = await connect(world)
      const lost = await say(a, 'lost')
      const old = await say(a, 'old')
      await hear(b, await say(a, 'seen'))
      world.clock.ms += 14 * DAY_MS - 1000
      await b.prune()
      expect(await hear(b, old)).to.equal('old')
      world.clock.ms += 2000
      await b.prune()
      expect(await rejection(() => hear(b, lost))).to.equal('ReplayedFrameError')
      expect(await hear(b, await say(a, 'new'))).to.equal('new')
    })

    it('forgets them in their time too where the clock was ahead when they were passed over', async () => {
      const { a, b } = await connect(world)
      world.clock.ms += 1000 * DAY_MS
      const lost = await say(a, 'lost')
      await hear(b, await say(a, 'seen'))
      world.clock.ms -= 1000 * DAY_MS
      await b.prune()
      world.clock.ms += 14 * DAY_MS + 1000
      await b.prune()
      expect(await rejection(() => hear(b, lost))).to.equal('ReplayedFrameError')
    })

    it('heals: with the stolen state of either side, what follows the next exchange does not open', async () => {
      const { a, b } = await connect(world)
      await hear(b, await say(a, 'hello'))
      await hear(a, await say(b, 'hello'))
      const thiefA = await copyOf(world, a)
      const thiefB = await copyOf(world, b)
      const read = await say(a, 'still read')
      expect(await hear(thiefB, read)).to.equal('still read')
      await hear(b, read)
      const answer = await say(b, 'answer')
      await hear(a, answer)
      expect(await rejection(() => hear(thiefA, answer))).to.equal('DecryptionError')
      const healed = await say(a, 'healed')
      expect(await hear(b, healed)).to.equal('healed')
      expect(await rejection(() => hear(thiefB, healed))).to.equal('DecryptionError')
      const back = await say(b, 'healed too')
      expect(await hear(a, back)).to.equal('healed too')
      expect(await rejection(() => hear(thiefA, back))).to.equal('DecryptionError')
    })

    it('keeps nothing with which a stolen state could open what was opened before', async () => {
      const { a, b } = await connect(world)
      const before = await say(a, 'before')
      await hear(b, before)
      const thief = await copyOf(world, b)
      before.set(crypto.randomBytes(4), 0)
      expect(await rejection(() => hear(thief, before))).to.equal('DecryptionError')
    })

    it('goes on after its state was stored and read back, at any point', async () => {
      world = await makeWorld(crypto, { maxChainMessages: 2 })
      let { a, b } = await connect(world)
      const late = await say(a, 'late')
      for (let i = 0; i < 10; i++) {
        a = await copyOf(world, a)
        b = await copyOf(world, b)
        const [from, to] = i % 4 === 0 ? [b, a] : [a, b]
        expect(await hear(to, await say(from, `line ${String(i)}`))).to.equal(`line ${String(i)}`)
      }
      expect(await hear(b, late)).to.equal('late')
      expect(await rejection(() => hear(b, late))).to.equal('ReplayedFrameError')
    })

    it('notices that the other side was set back, in the same chain', async () => {
      const { a, b } = await connect(world)
      await hear(b, await say(a, 'one'))
      const backup = await copyOf(world, a)
      await hear(b, await say(a, 'two'))
      const second = await say(backup, 'two again')
      expect(await rejection(() => hear(b, second))).to.equal('RolledBackStateError')
    })

    it('notices that the other side was set back, over a turn', async () => {
      const { a, b } = await connect(world)
      await hear(b, await say(a, 'one'))
      await hear(a, await say(b, 'two'))
      const backup = await copyOf(world, a)
      await hear(b, await say(a, 'three'))
      const second = await say(backup, 'three again')
      expect(await rejection(() => hear(b, second))).to.equal('RolledBackStateError')
    })

    it('notices that the other side was set back, where its first block was lost', async () => {
      const { a, b } = await connect(world)
      await hear(b, await say(a, 'one'))
      await hear(a, await say(b, 'two'))
      const backup = await copyOf(world, a)
      await say(a, 'lost')
      await hear(b, await say(a, 'heard'))
      const second = await say(backup, 'in place of the lost one')
      expect(await rejection(() => hear(b, second))).to.equal('RolledBackStateError')
    })

    it('notices that the other side was set back, over an epoch', async () => {
      world = await makeWorld(crypto, { maxChainMessages: 2 })
      const { a, b } = await connect(world)
      await hear(b, await say(a, 'one'))
      await hear(b, await say(a, 'two'))
      const backup = await copyOf(world, a)
      await say(a, 'lost')
      await hear(b, await say(a, 'heard'))
      const second = await say(backup, 'in place of the lost one')
      expect(await rejection(() => hear(b, second))).to.equal('RolledBackStateError')
    })

    it('notices that its own stored state is not the last one', async () => {
      const { a } = await connect(world)
      const old = await a.exportState()
      await say(a, 'x')
      const recent = await a.exportState()
      const restore = (stored: Uint8Array) =>
        world.protocol.restore(() => a.remote, stored, a.generation)
      expect(await rejection(() => restore(old))).to.equal('RolledBackStateError')
      expect((await restore(recent)).id).to.deep.equal(a.id)
    })

    it('refuses stored state that is cut, stretched or of another version', async () => {
      const { a, b } = await connect(world)
      await hear(b, await say(a, 'x'))
      const stored = await b.exportState()
      const version = stored.slice()
      version[0] = 9
      const wrong = [
        new Uint8Array(),
        stored.subarray(0, 400),
        stored.subarray(0, -1),
        concatBytes(stored, Uint8Array.of(0)),
        version,
      ]
      for (const bytes of wrong) {
        const restore = () => world.protocol.restore(() => b.remote, bytes, 0)
        expect(await rejection(restore)).to.equal('InvalidStateError')
      }
    })

    it('serves calls made at once in their order', async () => {
      const { a, b } = await connect(world)
      const sealed = await Promise.all(['1', '2', '3', '4'].map((words) => say(a, words)))
      const opened = await Promise.all(sealed.map((bytes) => hear(b, bytes)))
      expect(opened).to.deep.equal(['1', '2', '3', '4'])
    })

    it('seals blocks of the exact size only, and nothing once closed', async () => {
      const { a, b } = await connect(world)
      const short = new Uint8Array(a.plaintextBytes - 1)
      expect(await rejection(() => a.seal(FRAME_TYPE, short))).to.equal('RangeError')
      const sealed = await say(a, 'late')
      b.close()
      b.close()
      expect(await rejection(() => hear(b, sealed))).to.equal('SessionClosedError')
      expect(await rejection(() => say(b, 'x'))).to.equal('SessionClosedError')
      expect(await rejection(() => b.exportState())).to.equal('SessionClosedError')
    })

    it('prints no keys', async () => {
      const { a } = await connect(world)
      await say(a, 'x')
      expect(inspect(a, { depth: 9, showHidden: true })).to.equal('[RatchetSession redacted]')
      expect(JSON.stringify({ a })).to.equal('{"a":"[RatchetSession redacted]"}')
    })

    it('never shows two blocks alike', async () => {
      const { a } = await connect(world)
      const plaintext = block(a, 'same')
      const one = await a.seal(FRAME_TYPE, plaintext)
      const two = await a.seal(FRAME_TYPE, plaintext)
      let equal = 0
      for (let i = 0; i < SEALED_BYTES; i++) if (one[i] === two[i]) equal++
      expect(equal).to.be.lessThan(30)
    })
  })
}
