import { expect } from 'chai'
import {
  groupSafetyNumber,
  safetyCode,
  safetyCodeMatches,
  safetyNumber,
} from '../../src/crypto/safety-number.ts'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { rejection } from './support/rejection.ts'

const ALICE = '11'.repeat(32)
const BOB = 'a7'.repeat(32)
const MALLORY = `${'a7'.repeat(31)}a6`

describe('safety number', () => {
  it('is 60 digits, the same on both sides and in both backends', () => {
    const digits = safetyNumber(nodeCrypto, ALICE, BOB)
    expect(digits).to.match(/^[0-9]{60}$/)
    expect(safetyNumber(nodeCrypto, BOB, ALICE)).to.equal(digits)
    expect(safetyNumber(webCrypto, ALICE, BOB)).to.equal(digits)
    expect(groupSafetyNumber(digits)).to.match(/^([0-9]{5} ){11}[0-9]{5}$/)
  })

  it('is another for a fingerprint that differs in one bit', () => {
    const honest = safetyNumber(nodeCrypto, ALICE, BOB)
    expect(safetyNumber(nodeCrypto, ALICE, MALLORY)).to.not.equal(honest)
  })

  it('has a code that matches between the two people alone', () => {
    const shown = safetyCode(BOB, ALICE)
    expect(shown).to.match(/^[0-9A-Z:]+$/)
    expect(safetyCodeMatches(shown, ALICE, BOB)).to.equal(true)
    expect(safetyCodeMatches(shown, ALICE, MALLORY)).to.equal(false)
    expect(safetyCodeMatches(shown, MALLORY, BOB)).to.equal(false)
    expect(safetyCodeMatches(safetyCode(MALLORY, ALICE), ALICE, BOB)).to.equal(false)
  })

  it('refuses what is no code and no fingerprint', async () => {
    for (const code of ['', 'https://example.org', safetyCode(ALICE, BOB).slice(1)]) {
      const attempt = () => safetyCodeMatches(code, ALICE, BOB)
      expect(await rejection(attempt)).to.equal('InvalidSafetyCodeError')
    }
    for (const wrong of ['', 'x', ALICE.slice(1)]) {
      expect(await rejection(() => safetyNumber(nodeCrypto, wrong, BOB))).to.equal(
        'InvalidKeyError',
      )
    }
  })
})
