import { expect } from 'chai'
import {
  compareFingerprint,
  fingerprintGroups,
  fingerprintHue,
  shortFingerprint,
} from '../../src/ui-web/core/fingerprint.ts'

const FINGERPRINT = '0123456789abcdef'.repeat(4)

describe('fingerprint', () => {
  it('is shown in sixteen groups of four', () => {
    expect(fingerprintGroups(FINGERPRINT)).to.have.length(16)
    expect(fingerprintGroups(FINGERPRINT).join('')).to.equal(FINGERPRINT)
  })

  it('is abbreviated to its first two groups', () => {
    expect(shortFingerprint(FINGERPRINT)).to.equal('0123 4567')
  })

  it('matches whatever blanks, colons and capitals it was sent with', () => {
    const sent = ` ${fingerprintGroups(FINGERPRINT).join(': ').toUpperCase()}\n`
    expect(compareFingerprint(sent, FINGERPRINT)).to.equal('match')
  })

  it('does not match when it is only the beginning', () => {
    expect(compareFingerprint('0123 4567', FINGERPRINT)).to.equal('incomplete')
    expect(compareFingerprint(FINGERPRINT.slice(0, 63), FINGERPRINT)).to.equal('incomplete')
  })

  it('does not match when one digit differs, or when there is one too many', () => {
    expect(compareFingerprint(`${FINGERPRINT.slice(0, 63)}0`, FINGERPRINT)).to.equal('mismatch')
    expect(compareFingerprint(`${FINGERPRINT}0`, FINGERPRINT)).to.equal('mismatch')
  })

  it('says nothing of an empty field', () => {
    expect(compareFingerprint('  ', FINGERPRINT)).to.equal('empty')
  })

  it('gives everybody a hue, even before they are known', () => {
    expect(fingerprintHue('ffff')).to.be.within(0, 359)
    expect(fingerprintHue('')).to.equal(0)
  })
})
