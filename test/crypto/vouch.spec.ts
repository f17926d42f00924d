import { expect } from 'chai'
import { fingerprintOf } from '../../src/crypto/fingerprint.ts'
import type { SigningKeyPair } from '../../src/crypto/port.ts'
import {
  findVouchChain,
  isWithdrawal,
  makeVouch,
  makeVouchWithdrawal,
  supersedes,
  verifyVouch,
  type Vouch,
  VOUCH_BYTES,
} from '../../src/crypto/vouch.ts'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto as crypto } from '../../src/node/crypto/node-crypto.ts'
import { rejection } from './support/rejection.ts'

const NOW = 1_700_000_000_000
const YEAR_MS = 31_536_000_000

describe('vouch', () => {
  let alice: SigningKeyPair
  let aliceName: string
  const carol = 'ca'.repeat(32)

  before(async () => {
    alice = await crypto.generateSigningKeyPair()
    aliceName = fingerprintOf(crypto, alice.publicKey.spki)
  })

  it('says who vouches for whom, and can be checked by anybody', async () => {
    const bytes = await makeVouch(crypto, alice, carol, NOW, NOW + YEAR_MS)
    expect(bytes).to.have.length(VOUCH_BYTES)
    for (const backend of [crypto, webCrypto]) {
      expect(await verifyVouch(backend, bytes, NOW)).to.deep.equal({
        voucher: aliceName,
        subject: carol,
        issuedMs: NOW,
        expiresMs: NOW + YEAR_MS,
      })
    }
  })

  it('is refused when altered anywhere, cut, or out of its time', async () => {
    const bytes = await makeVouch(crypto, alice, carol, NOW, NOW + YEAR_MS)
    for (let at = 0; at < VOUCH_BYTES; at += 7) {
      const altered = bytes.slice()
      altered[at] = (altered[at] ?? 0) ^ 1
      const attempt = () => verifyVouch(crypto, altered, NOW)
      expect(await rejection(attempt)).to.equal('InvalidVouchError')
    }
    const attempts = [
      () => verifyVouch(crypto, bytes.subarray(1), NOW),
      () => verifyVouch(crypto, bytes, NOW - 1),
      () => verifyVouch(crypto, bytes, NOW + YEAR_MS),
      () => makeVouch(crypto, alice, 'nobody', NOW, NOW + 1),
      () => makeVouch(crypto, alice, carol, NOW, NOW),
    ]
    for (const attempt of attempts) expect(await rejection(attempt)).to.equal('InvalidVouchError')
  })

  it('is taken back by one that never holds, which wins over what was said up to then', async () => {
    const said = await verifyVouch(
      crypto,
      await makeVouch(crypto, alice, carol, NOW, NOW + YEAR_MS),
      NOW,
    )
    const bytes = await makeVouchWithdrawal(crypto, alice, carol, NOW)
    // whatever the clock of who reads it says
    for (const now of [0, NOW, NOW + YEAR_MS]) {
      const unsaid = await verifyVouch(webCrypto, bytes, now)
      expect(unsaid).to.deep.equal({ ...said, expiresMs: NOW })
      expect([isWithdrawal(unsaid), isWithdrawal(said)]).to.deep.equal([true, false])
      expect([supersedes(unsaid, said), supersedes(said, unsaid)]).to.deep.equal([true, false])
      expect(supersedes({ ...said, issuedMs: NOW + 1 }, unsaid)).to.equal(true)
      expect(supersedes(unsaid, unsaid)).to.equal(false)
    }
    // a vouch is not made one by moving its end
    const moved = bytes.slice()
    moved.set(bytes.subarray(124, 132), 132)
    moved[139] = (moved[139] ?? 0) + 1
    expect(await rejection(() => verifyVouch(crypto, moved, NOW))).to.equal('InvalidVouchError')
  })

  it('is followed by the shortest chain, and not beyond four links', () => {
    const vouch = (voucher: string, subject: string): Vouch => {
      return { voucher, subject, issuedMs: NOW, expiresMs: NOW + 1 }
    }
    const line = ['b', 'c', 'd', 'e', 'f', 'g']
    const vouches = line.slice(1).map((subject, i) => vouch(line[i]!, subject))
    const path = (target: string, extra: Vouch[] = []) =>
      findVouchChain([...vouches, ...extra], new Set(['b']), target)?.map((v) => v.subject)
    expect(path('b')).to.deep.equal([])
    expect(path('d')).to.deep.equal(['c', 'd'])
    expect(path('f')).to.deep.equal(['c', 'd', 'e', 'f'])
    expect(path('g')).to.equal(undefined)
    expect(path('x')).to.equal(undefined)
    expect(path('f', [vouch('b', 'e')])).to.deep.equal(['e', 'f'])
    expect(path('x', [vouch('c', 'b'), vouch('d', 'c')])).to.equal(undefined)
  })
})
