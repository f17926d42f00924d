import { expect } from 'chai'
import { inspect } from 'node:util'
import { toHex } from '../../src/crypto/bytes.ts'
import { ChainKey } from '../../src/crypto/ratchet/chain-key.ts'
import { EpochSecret, EpochSeed } from '../../src/crypto/ratchet/epoch-seed.ts'
import { HeaderKey } from '../../src/crypto/ratchet/header-key.ts'
import { ratchetLimits } from '../../src/crypto/ratchet/limits.ts'
import { ReceivingMessageKey, SendingMessageKey } from '../../src/crypto/ratchet/message-key.ts'
import { RootKey } from '../../src/crypto/ratchet/root-key.ts'
import { SendingTurn } from '../../src/crypto/ratchet/sending-turn.ts'
import { nodeCrypto as crypto } from '../../src/node/crypto/node-crypto.ts'
import { rejection } from './support/rejection.ts'

const HOUR_MS = 3_600_000
const START = 1_700_000_000_000

function secret(): Uint8Array {
  return crypto.randomBytes(32)
}

async function makeTurn(): Promise<SendingTurn> {
  const theirs = await crypto.generateAgreementKeyPair()
  return new SendingTurn({
    turnKey: new Uint8Array(33),
    theirTurnKey: theirs.publicKey,
    headerKey: new HeaderKey<'sending'>(secret()),
    seed: new EpochSeed<'sending'>(secret()),
    previousTurnEpoch: 0,
    previousTurnCount: 0,
  })
}

describe('ratchet parts', () => {
  it('leave a chain after an hour, and when the clock jumps back', async () => {
    const turn = await makeTurn()
    const seen: string[] = []
    for (const atMs of [0, HOUR_MS - 1, HOUR_MS, HOUR_MS + 1, HOUR_MS - 1, 2 * HOUR_MS - 2]) {
      const { header } = await turn.next(crypto, ratchetLimits(), START + atMs)
      seen.push(
        `${String(header.epoch)}.${String(header.number)}/${String(header.previousEpochCount)}`,
      )
    }
    expect(seen).to.deep.equal(['0.0/0', '0.1/0', '1.0/2', '1.1/2', '2.0/2', '2.1/2'])
  })

  it('leave a chain after 100 blocks, each epoch with a key of its own', async () => {
    const turn = await makeTurn()
    const keys = new Set<string>()
    for (let i = 0; i < 301; i++) {
      const { header } = await turn.next(crypto, ratchetLimits(), START)
      expect(header.epoch).to.equal(Math.floor(i / 100))
      expect(header.number).to.equal(i % 100)
      keys.add(toHex(header.epochKey))
    }
    expect(keys.size).to.equal(4)
  })

  it('never give two blocks one key', async () => {
    const turn = await makeTurn()
    const limits = ratchetLimits({ maxChainMessages: 7 })
    const nonce = new Uint8Array(12)
    const seen = new Set<string>()
    for (let i = 0; i < 50; i++) {
      const { key } = await turn.next(crypto, limits, START)
      // The same input under each key: equal results would mean equal keys.
      seen.add(toHex(await key.seal(crypto, nonce, new Uint8Array(32), nonce)))
    }
    expect(seen.size).to.equal(50)
  })

  it('use a message key up: sealing at once, opening when it has opened', async () => {
    const bytes = secret()
    const sending = new SendingMessageKey(bytes.slice())
    const receiving = new ReceivingMessageKey(bytes)
    const nonce = new Uint8Array(12)
    const sealed = await sending.seal(crypto, nonce, nonce, nonce)
    const again = () => sending.seal(crypto, nonce, nonce, nonce)
    expect(await rejection(again)).to.equal('SessionClosedError')

    const altered = sealed.slice()
    altered[0] = (altered[0] ?? 0) ^ 1
    const openAltered = () => receiving.open(crypto, nonce, altered, nonce)
    expect(await rejection(openAltered)).to.equal('DecryptionError')
    expect(await receiving.open(crypto, nonce, sealed, nonce)).to.deep.equal(nonce)
    const openAgain = () => receiving.open(crypto, nonce, sealed, nonce)
    expect(await rejection(openAgain)).to.equal('SessionClosedError')
    expect(bytes).to.deep.equal(new Uint8Array(32))
  })

  it('print redacted and are overwritten when wiped', () => {
    for (const Kind of [
      RootKey,
      ChainKey,
      HeaderKey,
      EpochSeed,
      EpochSecret,
      SendingMessageKey,
      ReceivingMessageKey,
    ]) {
      const bytes = secret()
      const hex = toHex(bytes)
      const key = new Kind(bytes)
      for (const text of [
        inspect(key, { showHidden: true }),
        key.toString(),
        JSON.stringify(key),
      ]) {
        expect(text).to.match(/^"?\[\w+ redacted\]"?$/)
        expect(text).to.not.include(hex)
      }
      key.wipe()
      expect(bytes).to.deep.equal(new Uint8Array(32))
    }
  })

  it('cannot be swapped at compile time', () => {
    // The compiler is the test: each of these has to be the type that stands there.
    const swaps: [
      Assignable<ChainKey<'sending'>, ChainKey<'receiving'>>,
      Assignable<EpochSeed<'receiving'>, EpochSeed<'sending'>>,
      Assignable<HeaderKey<'sending'>, HeaderKey<'receiving'>>,
      Assignable<RootKey, ChainKey<'sending'>>,
      Assignable<EpochSecret<'sending'>, ChainKey<'sending'>>,
      Assignable<SendingMessageKey, ReceivingMessageKey>,
    ] = [false, false, false, false, false, false]
    const same: Assignable<ChainKey<'sending'>, ChainKey<'sending'>> = true
    expect(swaps).to.not.include(same)
  })
})

type Assignable<From, To> = From extends To ? true : false
