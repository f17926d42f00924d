import { expect } from 'chai'
import { multiaddr } from '@multiformats/multiaddr'
import { PrekeyStore } from '../../../src/crypto/handshake/prekey-store.ts'
import { comparePrekeys, ownLink, readLink } from '../../../src/chat/invitations/index.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { person } from '../support/people.ts'

const RELAY_ID = '12D3KooWAFRWBDt83LsXtpiVNoEYKjH5n6c5KAvQ6UwrSNJL7a1e'
const RELAY = `/ip4/203.0.113.9/tcp/5002/ws/p2p/${RELAY_ID}`

async function madeOf(addresses: readonly string[], relays: readonly string[] = []) {
  const { identity, peerId } = await person('alice')
  const bundle = await new PrekeyStore(nodeCrypto).bundle(identity, Date.now())
  const link = await ownLink({
    crypto: nodeCrypto,
    fingerprint: identity.fingerprint,
    peerId: peerId.toString(),
    name: () => 'Alice',
    addresses: () => addresses.map((text) => multiaddr(`${text}/p2p/${peerId.toString()}`)),
    relays: () => relays.map((text) => multiaddr(text)),
    bundle: () => Promise.resolve(bundle),
  })
  return { ...link, ...readLink(nodeCrypto, link.uri), bundle }
}

describe('our own link', () => {
  it('names what everybody can dial before what the local network can, and never this machine besides', async () => {
    const { addresses, ways } = await madeOf([
      '/ip4/127.0.0.1/tcp/5001',
      '/ip4/192.168.1.2/tcp/5001',
      '/ip4/104.16.0.1/tcp/5001',
    ])
    expect(addresses).to.deep.equal(['/ip4/104.16.0.1/tcp/5001', '/ip4/192.168.1.2/tcp/5001'])
    expect(ways).to.equal(2)
  })

  it('names this machine where there is nothing else', async () => {
    expect((await madeOf(['/ip4/127.0.0.1/tcp/5001'])).addresses).to.have.length(1)
  })

  it('names each relay once, and as an entrance only one at which we hold no reservation', async () => {
    const reserved = await madeOf([`${RELAY}/p2p-circuit`, `${RELAY}/p2p-circuit`], [RELAY])
    expect(reserved).to.deep.include({ relays: [RELAY], entrances: [], ways: 1 })
    const connected = await madeOf([], [RELAY])
    expect(connected).to.deep.include({ relays: [], entrances: [RELAY], ways: 0 })
  })

  it('names the prekeys that are published', async () => {
    const { prekeys, bundle } = await madeOf([])
    expect(prekeys && comparePrekeys(nodeCrypto, prekeys, bundle)).to.equal('same')
  })
})
