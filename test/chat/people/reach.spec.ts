import { expect } from 'chai'
import { parseQuery, toConnectError } from '../../../src/chat/people/reach.ts'
import { IdentityError } from '../../../src/chat/identity/errors.ts'
import { ConnectError } from '../../../src/chat/errors.ts'
import { HandshakeError } from '../../../src/crypto/errors.ts'
import { person } from '../support/people.ts'

describe('what a user types', () => {
  it('is a fingerprint in any grouping and case', async () => {
    const { identity } = await person('alice')
    const grouped = identity.fingerprint.replace(/(.{4})/g, '$1 ').toUpperCase()
    for (const text of [identity.fingerprint, grouped, ` ${grouped}\n`]) {
      expect(parseQuery(text)).to.deep.equal({
        kind: 'fingerprint',
        fingerprint: identity.fingerprint,
      })
    }
  })

  it('is a peer id, a multiaddr, and otherwise a name', async () => {
    const { peerId } = await person('alice')
    expect(parseQuery(peerId.toString()).kind).to.equal('peer-id')
    expect(parseQuery(`/ip4/192.0.2.1/tcp/1/p2p/${peerId.toString()}`).kind).to.equal('multiaddr')
    for (const name of ['Alice', '山田', 'abcdef', '/not an address', '12D3KooW']) {
      expect(parseQuery(name)).to.deep.equal({ kind: 'name', name })
    }
  })
})

describe('a failed attempt to connect', () => {
  it('is told by its reason, its cause kept', () => {
    const reasons: [Error, string][] = [
      [new HandshakeError('x'), 'handshake-failed'],
      [new IdentityError('x'), 'handshake-failed'],
      [Object.assign(new Error('x'), { name: 'UnsupportedProtocolError' }), 'not-sotto'],
      [Object.assign(new Error('x'), { name: 'NoValidAddressesError' }), 'no-address'],
      [new Error('connection refused'), 'peer-offline'],
    ]
    for (const [cause, reason] of reasons) {
      expect(toConnectError(cause)).to.include({ name: 'ConnectError', reason, cause })
    }
    expect(toConnectError('not an error').reason).to.equal('peer-offline')
    const own = new ConnectError('identity-changed', 'x')
    expect(toConnectError(own)).to.equal(own)
  })
})
