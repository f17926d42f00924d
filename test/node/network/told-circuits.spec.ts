import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import {
  withoutLoopbackRelays,
  withoutPassingPorts,
} from '../../../src/node/network/told-circuits.ts'

const RELAY = '12D3KooWQMD1FmrqwWW5FHc2Jb1Dsenfdd11nVHMZbLito9cTVKG'
const OTHER = '12D3KooWKmrWhVgKgsyVZFeyQHtuEK8JSFUugQHNe5x9J3v9fHnQ'

describe('the addresses that others are told', () => {
  const told = (...addresses: string[]): string[] =>
    withoutLoopbackRelays(addresses.map((address) => multiaddr(address))).map(String)

  it('lead over no loopback of a relay that is found elsewhere', () => {
    const elsewhere = [
      `/ip4/192.0.2.1/tcp/5001/p2p/${RELAY}/p2p-circuit`,
      `/dns4/relay.example/tcp/5002/ws/p2p/${RELAY}/p2p-circuit`,
    ]
    expect(
      told(
        `/ip4/127.0.0.1/tcp/5001/p2p/${RELAY}/p2p-circuit`,
        `/ip6/::1/tcp/5001/p2p/${RELAY}/p2p-circuit`,
        ...elsewhere,
      ),
    ).to.deep.equal(elsewhere)
  })

  it('lead over the loopback of a relay that is found nowhere else', () => {
    const addresses = [
      `/ip4/127.0.0.1/tcp/5001/p2p/${RELAY}/p2p-circuit`,
      `/ip4/192.0.2.1/tcp/5001/p2p/${OTHER}/p2p-circuit`,
    ]
    expect(told(...addresses)).to.deep.equal(addresses)
  })

  it('keep our own loopback, where two programs of one machine find each other', () => {
    const addresses = [
      '/ip4/127.0.0.1/tcp/5001',
      '/ip4/192.0.2.7/tcp/5001',
      `/ip4/192.0.2.1/tcp/5001/p2p/${RELAY}/p2p-circuit`,
    ]
    expect(told(...addresses)).to.deep.equal(addresses)
  })

  it('lead over no port from which a relay called us', () => {
    const listening = multiaddr(`/ip4/192.0.2.1/tcp/5001/p2p/${RELAY}/p2p-circuit`)
    const passing = multiaddr(`/ip4/192.0.2.1/tcp/51910/p2p/${RELAY}/p2p-circuit`)
    const called = [
      { direction: 'inbound', remoteAddr: multiaddr(`/ip4/192.0.2.1/tcp/51910/p2p/${RELAY}`) },
      { direction: 'outbound', remoteAddr: multiaddr(`/ip4/192.0.2.1/tcp/5001/p2p/${RELAY}`) },
    ] as const
    const left = withoutPassingPorts([passing, listening], (relay) =>
      relay === RELAY ? called : [],
    )
    expect(left).to.deep.equal([listening])
  })
})
