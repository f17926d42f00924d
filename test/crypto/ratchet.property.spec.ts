import { expect } from 'chai'
import fc from 'fast-check'
import { toHex } from '../../src/crypto/bytes.ts'
import type { CryptoPort } from '../../src/crypto/port.ts'
import type { RatchetSession } from '../../src/crypto/ratchet-session.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { connect, copyOf, hear, makeWorld, say } from './support/ratchet-pair.ts'
import { rejection } from './support/rejection.ts'

type Side = 'a' | 'b'
type Step =
  | { do: 'send'; from: Side }
  | { do: 'deliver' | 'repeat'; to: Side; pick: number }
  | { do: 'lose' | 'garble'; to: Side; pick: number }
  | { do: 'store'; side: Side }
  | { do: 'wait'; ms: number }

const side = fc.constantFrom<Side>('a', 'b')
const pick = fc.nat(1000)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), from: side }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const), to: side, pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), to: side, pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), to: side, pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('garble' as const), to: side, pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('store' as const), side }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(4_000_000) }) },
)

/** `nodeCrypto` that notes every AES key it seals with. */
function watched(keys: string[]): CryptoPort {
  return {
    ...nodeCrypto,
    aesGcmSeal(key, nonce, plaintext, associatedData) {
      // Blocks only: a header key is for many headers.
      if (plaintext.length > 500) keys.push(toHex(key))
      return nodeCrypto.aesGcmSeal(key, nonce, plaintext, associatedData)
    },
  }
}

describe('ratchet properties', () => {
  it('whatever the order, loss, repetition, damage, restarts and time: all that arrives opens once, under a key of its own', async function () {
    this.timeout(60_000)
    const property = fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const keys: string[] = []
      const world = await makeWorld(watched(keys), { maxChainMessages: 4 })
      const sessions: Record<Side, RatchetSession> = await connect(world)
      const underWay: Record<Side, { sealed: Uint8Array; words: string }[]> = { a: [], b: [] }
      const opened: Record<Side, Uint8Array[]> = { a: [], b: [] }
      let sent = 0

      const take = (to: Side, index: number) => {
        const waiting = underWay[to]
        return waiting.splice(index % Math.max(waiting.length, 1), 1)[0]
      }
      const deliver = async (to: Side, letter: { sealed: Uint8Array; words: string }) => {
        expect(await hear(sessions[to], letter.sealed)).to.equal(letter.words)
        opened[to].push(letter.sealed)
      }

      for (const each of steps) {
        switch (each.do) {
          case 'send': {
            const words = `words ${String(sent++)}`
            const to = each.from === 'a' ? 'b' : 'a'
            underWay[to].push({ sealed: await say(sessions[each.from], words), words })
            break
          }
          case 'deliver': {
            const letter = take(each.to, each.pick)
            if (letter !== undefined) await deliver(each.to, letter)
            break
          }
          case 'repeat': {
            const old = opened[each.to][each.pick % Math.max(opened[each.to].length, 1)]
            if (old === undefined) break
            expect(await rejection(() => hear(sessions[each.to], old))).to.equal(
              'ReplayedFrameError',
            )
            break
          }
          case 'lose':
            take(each.to, each.pick)
            break
          case 'garble': {
            const letter = underWay[each.to][each.pick % Math.max(underWay[each.to].length, 1)]
            if (letter === undefined) break
            const garbled = letter.sealed.slice()
            garbled[each.pick] = (garbled[each.pick] ?? 0) ^ 1
            const attempt = () => hear(sessions[each.to], garbled)
            expect(await rejection(attempt)).to.equal('DecryptionError')
            break
          }
          case 'store':
            sessions[each.side] = await copyOf(world, sessions[each.side])
            break
          case 'wait':
            world.clock.ms += each.ms
            break
        }
      }
      for (const to of ['a', 'b'] as const) {
        for (const letter of underWay[to].reverse()) await deliver(to, letter)
      }
      expect(new Set(keys).size).to.equal(keys.length).and.to.equal(sent)
    })
    await fc.assert(property, { numRuns: 150 })
  })
})
