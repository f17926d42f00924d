import { expect } from 'chai'
import type { CryptoPort } from '../../src/crypto/port.ts'
import type { RatchetSession } from '../../src/crypto/ratchet-session.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { connect, hear, makeWorld, say } from './support/ratchet-pair.ts'

const TURN_INTERVAL_MS = 1000

/** A session in which both have spoken, and how many key pairs were made and boxes tried since. */
async function talkers(turnIntervalMs: number) {
  let [pairs, trials] = [0, 0]
  const counting: CryptoPort = {
    ...nodeCrypto,
    generateAgreementKeyPair(options) {
      pairs++
      return nodeCrypto.generateAgreementKeyPair(options)
    },
    aesGcmOpen(...sealed) {
      trials++
      return nodeCrypto.aesGcmOpen(...sealed)
    },
  }
  const world = await makeWorld(counting, { turnIntervalMs })
  const { a, b } = await connect(world)
  const exchange = async (from: RatchetSession, to: RatchetSession) =>
    hear(to, await say(from, 'x'))
  await exchange(a, b)
  await exchange(b, a)
  ;[pairs, trials] = [0, 0]
  return { a, b, clock: world.clock, exchange, pairs: () => pairs, trials: () => trials }
}

describe('turns', () => {
  it('begin with every answer when nothing else is said', async () => {
    const { a, b, exchange, pairs } = await talkers(0)
    await exchange(a, b)
    await exchange(b, a)
    expect(pairs()).to.equal(2)
  })

  it('are put off until the interval is over, and not longer', async () => {
    const { a, b, clock, exchange, pairs } = await talkers(TURN_INTERVAL_MS)
    clock.ms += TURN_INTERVAL_MS - 1
    await exchange(a, b)
    expect(pairs()).to.equal(0)
    clock.ms += 1
    await exchange(a, b)
    expect(pairs()).to.equal(1)
  })

  it('are tried first where an answer is due, and the current one where none is', async () => {
    const { a, b, exchange, trials } = await talkers(0)
    const aBlock = 2
    await exchange(a, b)
    await exchange(b, a)
    expect(trials(), 'new turns').to.equal(2 * aBlock)
    await exchange(b, a)
    await exchange(b, a)
    expect(trials(), 'the same turn').to.equal(4 * aBlock)
  })

  it('are not put off by a clock that was set back', async () => {
    const { a, b, clock, exchange, pairs } = await talkers(0)
    clock.ms -= 60_000
    await exchange(a, b)
    await exchange(b, a)
    await exchange(a, b)
    expect(pairs()).to.equal(3)
  })
})
