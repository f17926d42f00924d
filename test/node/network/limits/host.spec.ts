import { expect } from 'chai'
import { hostOf, isOwnMachine } from '../../../../src/node/network/limits/host.ts'

describe('whose an address is', () => {
  it('is told by an IPv4 address, also in IPv6’s clothes', () => {
    expect(hostOf('192.0.2.1')).to.equal('192.0.2.1')
    expect(hostOf('::ffff:192.0.2.1')).to.equal('192.0.2.1')
  })

  it('is told by the first half of an IPv6 address', () => {
    expect(hostOf('2001:db8:1:2:3:4:5:6')).to.equal('2001:db8:1:2::/64')
    expect(hostOf('2001:db8:1:2::9')).to.equal('2001:db8:1:2::/64')
    expect(hostOf('2001:DB8:1:0002::9')).to.equal('2001:db8:1:2::/64')
    expect(hostOf('2001:db8::1')).to.equal('2001:db8:0:0::/64')
    expect(hostOf('2001::db8:1:2:3:4:5')).to.equal('2001:0:db8:1::/64')
    expect(hostOf('fe80::1%eth0')).to.equal('fe80:0:0:0::/64')
    expect(hostOf('64:ff9b::192.0.2.1')).to.equal('64:ff9b:0:0::/64')
  })

  it('is the machine’s own for its two loopback addresses', () => {
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].every(isOwnMachine)).to.equal(true)
    expect(['127.0.0.2', '192.0.2.1', '::2'].some(isOwnMachine)).to.equal(false)
  })
})
