import { expect } from 'chai'
import {
  compareDigits,
  isWholeCode,
  safetyCodeIn,
  safetyGroups,
} from '../../src/ui-web/core/safety.ts'

const SAFETY = '0123456789'.repeat(6)
const FINGERPRINT = '9f'.repeat(32)
const CODE = `SOTTO1:${'A'.repeat(64)}:${'B'.repeat(64)}`

describe('safety number', () => {
  it('is shown in twelve groups of five', () => {
    expect(safetyGroups(SAFETY)).to.have.length(12)
    expect(safetyGroups(SAFETY).join('')).to.equal(SAFETY)
  })

  it('matches only as a whole, however it is grouped', () => {
    const compare = (typed: string) => compareDigits(typed, SAFETY, FINGERPRINT)
    expect(compare('')).to.equal('empty')
    expect(compare('01234 5')).to.equal('incomplete')
    expect(compare(safetyGroups(SAFETY).join(' '))).to.equal('match')
    expect(compare(`${SAFETY}0`)).to.equal('mismatch')
    expect(compare('01235')).to.equal('mismatch')
  })

  it('may be compared as a fingerprint instead', () => {
    expect(compareDigits(FINGERPRINT.toUpperCase(), SAFETY, FINGERPRINT)).to.equal('match')
    expect(compareDigits('9f9f', SAFETY, FINGERPRINT)).to.equal('incomplete')
  })

  it('is a code where a scanner gave one, in capitals or not', () => {
    expect(safetyCodeIn(` ${CODE.toLowerCase()}\n`)).to.equal(CODE)
    expect(safetyCodeIn(SAFETY)).to.equal(undefined)
    expect(isWholeCode(CODE)).to.equal(true)
    expect(isWholeCode(CODE.slice(0, -1))).to.equal(false)
  })
})
