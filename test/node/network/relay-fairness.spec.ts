import { mock } from 'node:test'
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { TypedEventEmitter } from 'main-event'
import {
  MAX_CIRCUITS_FROM_PEER,
  MAX_CIRCUITS_TO_PEER,
  MAX_RESERVATIONS_AN_ADDRESS,
  RESERVATION_GRACE_MS,
} from '../../../src/node/network/constants.ts'
import { RelayFairness } from '../../../src/node/network/relay-fairness.ts'
import { person } from '../../chat/support/people.ts'
import type { Libp2pEvents, PeerId } from '@libp2p/interface'

const HOP = '/libp2p/circuit/relay/0.2.0/hop'
const STOP = '/libp2p/circuit/relay/0.2.0/stop'

describe('a relay’s fairness', () => {
  let alice: PeerId
  let bob: PeerId
  let streams: Map<string, { protocol: string; direction: string }[]>
  let hosts: Map<string, string>
  let reservations: Map<string, PeerId>
  let events: TypedEventEmitter<Libp2pEvents>
  let fairness: RelayFairness
  let refused: string[]

  beforeEach(async () => {
    alice = (await person('alice')).peerId
    bob = (await person('bob')).peerId
    streams = new Map()
    hosts = new Map([
      [alice.toString(), '192.0.2.1'],
      [bob.toString(), '192.0.2.2'],
    ])
    reservations = new Map()
    events = new TypedEventEmitter()
    refused = []
    fairness = new RelayFairness(({ name }) => refused.push(name))
    const connection = (id: string) => ({
      remoteAddr: multiaddr(`/ip4/${hosts.get(id) ?? ''}/tcp/1`),
      streams: streams.get(id) ?? [],
    })
    const components = {
      events,
      connectionManager: {
        getConnections: (peer?: PeerId) =>
          [...hosts.keys()]
            .filter((id) => peer === undefined || id === peer.toString())
            .map((id) => connection(id)),
      },
      relay: {
        reservations: {
          entries: () =>
            [...reservations].map(([id, peer]) => [
              peer,
              { addr: multiaddr(`/ip4/${hosts.get(id) ?? '192.0.2.1'}/tcp/1`) },
            ]),
          has: (peer: PeerId) => reservations.has(peer.toString()),
          delete: (peer: PeerId) => void reservations.delete(peer.toString()),
        },
      },
    } as unknown as Parameters<ReturnType<RelayFairness['service']>>[0]
    const service = fairness.service()(components) as { start(): void }
    service.start()
  })

  const deniesReservation = (peer: PeerId) => fairness.gater.denyInboundRelayReservation?.(peer)
  const deniesCircuit = () => fairness.gater.denyOutboundRelayedConnection?.(alice, bob)

  it('gives reservations to so many of one address, and to those that have one', () => {
    for (let n = 0; n < MAX_RESERVATIONS_AN_ADDRESS; n++) {
      const id = `neighbour ${n}`
      hosts.set(id, '192.0.2.1')
      reservations.set(id, { toString: () => id, equals: () => false } as unknown as PeerId)
    }
    expect(deniesReservation(alice)).to.equal(true)
    expect(refused).to.deep.equal(['TooManyReservationsError'])
    expect(deniesReservation(bob)).to.equal(false)
    // gone, and its place is not free yet
    hosts.delete('neighbour 1')
    expect(deniesReservation(alice)).to.equal(true)
    reservations.delete('neighbour 0')
    reservations.set(alice.toString(), alice)
    expect(deniesReservation(alice)).to.equal(false)
  })

  it('carries so many circuits of one peer, and to one peer', () => {
    const some = (count: number, protocol: string, direction: string) =>
      Array.from({ length: count }, () => ({ protocol, direction }))
    streams.set(alice.toString(), some(MAX_CIRCUITS_FROM_PEER, HOP, 'inbound'))
    expect(deniesCircuit()).to.equal(false)
    streams.set(alice.toString(), some(MAX_CIRCUITS_FROM_PEER + 1, HOP, 'inbound'))
    expect(deniesCircuit()).to.equal(true)
    streams.set(alice.toString(), [])
    streams.set(bob.toString(), some(MAX_CIRCUITS_TO_PEER, STOP, 'outbound'))
    expect(deniesCircuit()).to.equal(true)
  })

  it('gives the place of somebody who left to others, unless they come back soon', () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      for (const peer of [alice, bob]) {
        reservations.set(peer.toString(), peer)
        events.safeDispatchEvent('peer:disconnect', { detail: peer })
      }
      events.safeDispatchEvent('peer:connect', { detail: bob })
      hosts.delete(alice.toString())
      mock.timers.tick(RESERVATION_GRACE_MS - 1)
      expect(reservations.size).to.equal(2)
      mock.timers.tick(1)
      expect([...reservations.keys()]).to.deep.equal([bob.toString()])
    } finally {
      mock.timers.reset()
    }
  })
})
