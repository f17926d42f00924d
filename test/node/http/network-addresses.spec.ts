import { expect } from 'chai'
import { networkAddresses, tcpAddresses } from '../../../src/node/http/network-addresses.ts'

const ID = '12D3KooWQMD1FmrqwWW5FHc2Jb1Dsenfdd11nVHMZbLito9cTVKG'
const OWN = [
  `/ip4/127.0.0.1/tcp/5001/p2p/${ID}`,
  `/ip4/192.0.2.2/tcp/5002/ws/p2p/${ID}`,
  `/ip4/192.0.2.9/tcp/443/ws/p2p/${ID}/p2p-circuit`,
]

describe('network addresses', () => {
  it('gives WebSocket addresses alone, and none through another peer', () => {
    expect(networkAddresses(OWN, ID, undefined)).to.deep.equal([OWN[1]])
  })

  it('puts first the address at which the page was reached', () => {
    const reached = (host: string) => networkAddresses(OWN, ID, host)[0]
    expect(reached('198.51.100.4:5000')).to.equal(`/ip4/198.51.100.4/tcp/5002/ws/p2p/${ID}`)
    expect(reached('[2001:db8::7]:5000')).to.equal(`/ip6/2001:db8::7/tcp/5002/ws/p2p/${ID}`)
    expect(reached('box.local:5000')).to.equal(`/dns4/box.local/tcp/5002/ws/p2p/${ID}`)
    expect(reached('localhost:5000')).to.equal(`/ip4/127.0.0.1/tcp/5002/ws/p2p/${ID}`)
  })

  it('names an address once, and its peer always', () => {
    expect(networkAddresses(['/ip4/192.0.2.2/tcp/5002/ws'], ID, '192.0.2.2:5000')).to.deep.equal([
      OWN[1],
    ])
  })

  it('gives none when the peer has no WebSocket', () => {
    expect(networkAddresses([OWN[0]!], ID, 'localhost')).to.deep.equal([])
  })

  it('gives TCP addresses apart, with the one at which the page was reached first', () => {
    expect(tcpAddresses(OWN, ID, 'bootstrap:5000')).to.deep.equal([
      `/dns4/bootstrap/tcp/5001/p2p/${ID}`,
      OWN[0],
    ])
    expect(tcpAddresses(OWN.slice(1), ID, 'bootstrap')).to.deep.equal([])
    expect(tcpAddresses(['/ip4/192.0.2.2/tcp/5001'], ID, undefined)).to.deep.equal([
      `/ip4/192.0.2.2/tcp/5001/p2p/${ID}`,
    ])
  })

  it('makes no plain address of a port with TLS', () => {
    const secure = `/dns4/node.example/tcp/443/tls/ws/p2p/${ID}`
    expect(networkAddresses([secure], ID, 'node.example')).to.deep.equal([secure])
    expect(tcpAddresses([secure], ID, 'node.example')).to.deep.equal([])
  })
})
