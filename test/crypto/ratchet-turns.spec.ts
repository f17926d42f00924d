import { expect } from 'chai'
import type { CryptoPort } from '../../src/crypto/port.ts'
import type { RatchetSession } from '../../src/crypto/ratchet-session.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { rejection } from './support/rejection.ts'
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

interface UnreadInit {
  readonly turns: number
  readonly blocks: number
  readonly chain: number
  readonly heard: number
}

/**
 * So many turns of alice's in chains of `chain` blocks each, of which bob has heard every `heard`th block. The first block
 * of each turn, and who has not heard it.
 */
async function unread({ turns, blocks, chain, heard }: UnreadInit) {
  const { a, b } = await connect(await makeWorld(nodeCrypto, { maxChainMessages: chain }))
  const firsts: Uint8Array[] = []
  for (let turn = 0; turn < turns; turn++) {
    for (let i = 1; i <= blocks; i++) {
      const sealed = await say(a, `turn ${String(turn)}`)
      if (i === 1) firsts.push(sealed)
      if (i % heard === 0) await hear(b, sealed)
    }
    await hear(a, await say(b, 'go on'))
  }
  return (turn: number) => hear(b, firsts[turn] ?? new Uint8Array())
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

  it('keep what is under way of the latest ones: 64 chains of all together', async () => {
    const hearFirst = await unread({ turns: 30, blocks: 6, chain: 2, heard: 2 })
    const oldest = 30 - Math.floor(64 / 3)
    expect(await rejection(() => hearFirst(oldest - 1))).to.equal('DecryptionError')
    expect(await hearFirst(oldest)).to.equal(`turn ${String(oldest)}`)
    expect(await hearFirst(29)).to.equal('turn 29')
  })

  it('keep no more than 2048 epochs of all together of which nothing came', async () => {
    const hearFirst = await unread({ turns: 3, blocks: 900, chain: 1, heard: 900 })
    expect(await rejection(() => hearFirst(0))).to.equal('DecryptionError')
    expect(await hearFirst(1)).to.equal('turn 1')
  })
})
