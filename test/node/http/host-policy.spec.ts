import { expect } from 'chai'
import { hostName, isAllowedHost } from '../../../src/node/http/host-policy.ts'

describe('host policy', () => {
  const good = [
    'localhost:5000',
    '127.0.0.1',
    '192.0.2.7:80',
    '[::1]:5000',
    'a.localhost',
    'box.local:5000',
    'node1:5000',
    'LOCALHOST',
    'localhost.',
  ]
  for (const host of good) {
    it(`answers to ${host}`, () => {
      expect(isAllowedHost(host, [])).to.equal(true)
    })
  }

  const bad = [
    'evil.example',
    'evil.example:5000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '',
    'a b',
    'x@localhost',
    undefined,
  ]
  for (const host of bad) {
    it(`does not answer to ${String(host)}`, () => {
      expect(isAllowedHost(host, [])).to.equal(false)
    })
  }

  it('answers to a domain that was allowed by name', () => {
    expect(isAllowedHost('Chat.Example:443', ['chat.example'])).to.equal(true)
  })

  it('reads a name without port and brackets', () => {
    expect(hostName('[2001:db8::1]:5000')).to.equal('2001:db8::1')
    expect(hostName('Box.Local:1')).to.equal('box.local')
  })
})
