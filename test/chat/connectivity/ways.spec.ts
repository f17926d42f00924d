import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import {
  ATTEMPT_STAGGER_MS,
  DIRECT_HEAD_START_MS,
  MAX_ADDRESSES_DIALLED,
} from '../../../src/chat/connectivity/constants.ts'
import { pathOf, Rank, rankOf } from '../../../src/chat/connectivity/path.ts'
import { addressesOf, circuitTo, offerOver, planWays } from '../../../src/chat/connectivity/ways.ts'
import { person } from '../support/people.ts'

describe('the ways to a person', () => {
  let bob: string
  let relay: string

  before(async () => {
    bob = (await person('bob')).peerId.toString()
    const relayId = (await person('relay')).peerId.toString()
    relay = `/ip4/198.51.100.7/tcp/5001/p2p/${relayId}`
  })

  it('begin with direct addresses, one by one, TCP before WebSocket and the loopback last', () => {
    const addresses = [
      '/ip4/127.0.0.1/tcp/1',
      '/ip4/192.0.2.1/tcp/3/ws',
      '/ip4/192.0.2.1/tcp/2',
      `${relay}/p2p-circuit`,
      `${relay}/p2p-circuit/webrtc`,
    ].map((text) => multiaddr(text))
    const ways = planWays(addresses, 50).map(({ address, afterMs }) => [String(address), afterMs])
    expect(ways).to.deep.equal([
      ['/ip4/192.0.2.1/tcp/2', 50],
      ['/ip4/192.0.2.1/tcp/3/ws', 50 + ATTEMPT_STAGGER_MS],
      ['/ip4/127.0.0.1/tcp/1', 50 + 2 * ATTEMPT_STAGGER_MS],
      [`${relay}/p2p-circuit`, 50 + DIRECT_HEAD_START_MS],
    ])
  })

  it('begin with the relay at once where there is nothing else', () => {
    expect(planWays([multiaddr(`${relay}/p2p-circuit`)])[0]?.afterMs).to.equal(0)
  })

  it('are bounded, however many addresses somebody claims', () => {
    const many = Array.from({ length: 100 }, (_, port) =>
      multiaddr(`/ip4/192.0.2.1/tcp/${port + 1}`),
    )
    expect(planWays(many)).to.have.lengthOf(MAX_ADDRESSES_DIALLED)
  })

  it('all lead to that person, each once', () => {
    const addresses = ['/ip4/192.0.2.1/tcp/2', `/ip4/192.0.2.1/tcp/2/p2p/${bob}`, relay]
    const own = addressesOf(
      bob,
      addresses.map((text) => multiaddr(text)),
    )
    expect(own.map(String)).to.deep.equal([`/ip4/192.0.2.1/tcp/2/p2p/${bob}`])
  })

  it('lead over a relay, and from there to an offer of WebRTC', () => {
    const circuit = circuitTo(multiaddr(relay), bob)
    expect(String(circuit)).to.equal(`${relay}/p2p-circuit/p2p/${bob}`)
    const offer = offerOver(circuit, bob)
    expect(String(offer)).to.equal(`${relay}/p2p-circuit/webrtc/p2p/${bob}`)
    expect(offerOver(offer!, bob)).to.equal(undefined)
    expect(offerOver(multiaddr('/ip4/192.0.2.1/tcp/2'), bob)).to.equal(undefined)
  })

  it('are told by their address', () => {
    const told = [
      ['/ip4/192.0.2.1/tcp/2', 'direct', 'tcp', false, Rank.direct],
      ['/ip4/192.0.2.1/tcp/2/ws', 'direct', 'ws', false, Rank.direct],
      ['/dns4/sotto.example/tcp/443/tls/ws', 'direct', 'wss', false, Rank.direct],
      [`${relay}/p2p-circuit`, 'relayed', 'tcp', false, Rank.relayed],
      [`${relay}/p2p-circuit/webrtc/p2p/${bob}`, 'direct', 'webrtc', true, Rank.holePunched],
    ] as const
    for (const [text, path, transport, holePunched, rank] of told) {
      const connection = { remoteAddr: multiaddr(text) }
      expect(pathOf(connection), text).to.deep.equal({ path, transport, holePunched })
      expect(rankOf(connection), text).to.equal(rank)
    }
  })
})
