import { expect } from 'chai'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { Arrivals, type Chance, type Whereabouts } from '../../../src/chat/connectivity/chance.ts'
import { FEW_PEERS, MAX_SHARED_RELAYS } from '../../../src/chat/connectivity/constants.ts'
import type { Connection } from '@libp2p/interface'

const RELAY = '12D3KooWGRUuTv2UyTMzSBXHnhKYxVhPhFtHkJDBbqUsU4B1hvmQ'
const BOB = '12D3KooWBmAwcd4PJNJvfV89HwE48nwkRmAgo8Vy3uQEyNNHBox2'
const OTHERS = [
  '12D3KooWHFrmLWTTDD4NodngtRMEVYgxrsDMp4F9iSwYntZ9WjHa',
  '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo',
  '12D3KooWLJtG8fd2hkQzTn96MrLvThmnNQjTUFZwGEsLRz5EmSzc',
  '12D3KooWSHj3RRbBjD15g6wekV8y3mm57Pobmps2g2WJm6F67Lay',
]
const DIRECT = '/ip4/192.0.2.1/tcp/5001'

describe('a chance', () => {
  let arrivals: Arrivals
  let connected: string[]
  let relays: string[]

  beforeEach(() => {
    arrivals = new Arrivals()
    connected = [...OTHERS]
    relays = []
  })

  const arrive = (peer: string, connection = { remotePeer: peerIdFromString(peer) }): boolean => {
    connected.push(peer)
    return arrivals.add({
      peerId: peerIdFromString(peer),
      connection: connection as unknown as Connection,
    })
  }
  const take = (): Chance =>
    arrivals.take(
      {
        getConnections: () =>
          connected.map((peer) => ({ remotePeer: peerIdFromString(peer) }) as Connection),
      },
      { relays: () => relays.map((relay) => multiaddr(`${DIRECT}/p2p/${relay}`)) },
    )
  const bob = (...multiaddrs: Whereabouts['multiaddrs']): Whereabouts => ({
    peerId: BOB,
    multiaddrs,
  })

  it('is one for whoever came, and for nobody else', () => {
    arrive(BOB)
    const chance = take()
    expect(chance(bob())).to.equal(true)
    expect(chance({ peerId: RELAY, multiaddrs: [DIRECT] })).to.equal(false)
    expect(take()(bob())).to.equal(false)
  })

  it('is one for those behind the relay that came', () => {
    arrive(RELAY)
    const chance = take()
    expect(chance(bob(`${DIRECT}/p2p/${RELAY}/p2p-circuit`))).to.equal(true)
    expect(chance(bob(multiaddr(`${DIRECT}/p2p/${RELAY}/p2p-circuit/p2p/${BOB}`)))).to.equal(true)
    expect(chance(bob(`${DIRECT}/p2p/${OTHERS[0]}/p2p-circuit`))).to.equal(false)
    expect(chance(bob(DIRECT, 'nonsense'))).to.equal(false)
  })

  it('is one for everybody where a relay came that is tried unasked', () => {
    relays = [...OTHERS.slice(1, MAX_SHARED_RELAYS), RELAY]
    arrive(RELAY)
    expect(take()(bob())).to.equal(true)
    relays = [...OTHERS.slice(0, MAX_SHARED_RELAYS), RELAY]
    arrive(RELAY)
    expect(take()(bob())).to.equal(false)
  })

  it('is one for everybody where the network begins', () => {
    connected = OTHERS.slice(0, FEW_PEERS - 1)
    arrive(RELAY)
    expect(take()(bob())).to.equal(true)
    arrive(BOB)
    expect(take()({ peerId: '', multiaddrs: [] })).to.equal(false)
  })

  it('is none where somebody who is connected says what has changed about them', () => {
    const connection = { remotePeer: peerIdFromString(BOB) }
    expect(arrive(BOB, connection)).to.equal(true)
    take()
    expect(arrive(BOB, connection)).to.equal(false)
    expect(take()(bob())).to.equal(false)
  })
})
