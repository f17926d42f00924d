/** What one peer, and one address, may take of our relay. docs/decisions/relay-limits.md */
import {
  MAX_CIRCUITS,
  MAX_CIRCUITS_FROM_PEER,
  MAX_CIRCUITS_TO_PEER,
  MAX_RESERVATIONS_AN_ADDRESS,
  RESERVATION_GRACE_MS,
} from './constants.ts'
import { unref } from './clock-watch.ts'
import { HOP_PROTOCOL } from './relay-reservations.ts'
import { hostOfAddress } from './limits/host.ts'
import { TooManyReservationsError } from './limits/errors.ts'
import { isDirectAddress } from '../../chat/connectivity/path.ts'
import type { NetworkComponents } from './components.ts'
import type { Connection, ConnectionGater, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

const STOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/stop'

type Components = Pick<NetworkComponents, 'events' | 'connectionManager'>

/** The part of libp2p's relay that holds reservations. */
interface Reservations {
  readonly reservations: {
    entries(): Iterable<[PeerId, { readonly addr: Multiaddr }]>
    has(peer: PeerId): boolean
    delete(peer: PeerId): void
  }
}

/**
 * Refuses reservations and circuits beyond somebody's share, and gives back the places of peers that have gone, which
 * libp2p keeps until they expire.
 */
export class RelayFairness {
  #components: Components | undefined
  #relay: Reservations | undefined
  readonly #going = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #onRefusal: (why: Error, peer: PeerId) => void

  constructor(onRefusal: (why: Error, peer: PeerId) => void) {
    this.#onRefusal = onRefusal
  }

  /** For libp2p's connection gater; it is asked before a reservation is made and a circuit opened. */
  readonly gater: Pick<
    ConnectionGater,
    'denyInboundRelayReservation' | 'denyOutboundRelayedConnection'
  > = {
    denyInboundRelayReservation: (source) => this.#deniesReservation(source),
    denyOutboundRelayedConnection: (source, destination) =>
      this.#deniesCircuit(source, destination),
  }

  /** The libp2p service; `relay` is the name of libp2p's own in the same node. */
  service() {
    return (components: Components & { readonly relay?: Reservations }): object => {
      this.#components = components
      this.#relay = components.relay
      return {
        start: () => {
          components.events.addEventListener('peer:disconnect', this.#onDisconnect)
          components.events.addEventListener('peer:connect', this.#onConnect)
        },
        stop: () => {
          components.events.removeEventListener('peer:disconnect', this.#onDisconnect)
          components.events.removeEventListener('peer:connect', this.#onConnect)
          for (const timer of this.#going.values()) clearTimeout(timer)
        },
      }
    }
  }

  #deniesReservation(source: PeerId): boolean {
    const connection = this.#connections(source).find(({ remoteAddr }) =>
      isDirectAddress(remoteAddr),
    )
    if (connection === undefined || this.#relay === undefined) return false
    const host = hostOfAddress(connection.remoteAddr)
    let held = 0
    // by the address they reserved from: whoever has gone since holds a place still
    for (const [peer, { addr }] of this.#relay.reservations.entries()) {
      if (!peer.equals(source) && hostOfAddress(addr) === host) held++
    }
    if (held < MAX_RESERVATIONS_AN_ADDRESS) return false
    this.#onRefusal(new TooManyReservationsError('one host has too many reservations'), source)
    return true
  }

  #deniesCircuit(source: PeerId, destination: PeerId): boolean {
    const opened = this.#streams(this.#connections(source), HOP_PROTOCOL, 'inbound')
    const taken = this.#streams(this.#connections(destination), STOP_PROTOCOL, 'outbound')
    const all = this.#streams(
      this.#components?.connectionManager.getConnections() ?? [],
      STOP_PROTOCOL,
      'outbound',
    )
    // the stream that asks is among those opened
    return opened > MAX_CIRCUITS_FROM_PEER || taken >= MAX_CIRCUITS_TO_PEER || all >= MAX_CIRCUITS
  }

  #streams(
    connections: readonly Connection[],
    protocol: string,
    direction: 'inbound' | 'outbound',
  ): number {
    return connections
      .flatMap(({ streams }) => streams)
      .filter((stream) => stream.protocol === protocol && stream.direction === direction).length
  }

  #connections(peer: PeerId): Connection[] {
    return this.#components?.connectionManager.getConnections(peer) ?? []
  }

  readonly #onDisconnect = ({ detail }: CustomEvent<PeerId>): void => {
    const relay = this.#relay
    const key = detail.toString()
    if (relay?.reservations.has(detail) !== true || this.#going.has(key)) return
    const timer = setTimeout(() => {
      this.#going.delete(key)
      if (this.#connections(detail).length === 0) relay.reservations.delete(detail)
    }, RESERVATION_GRACE_MS)
    unref(timer)
    this.#going.set(key, timer)
  }

  readonly #onConnect = ({ detail }: CustomEvent<PeerId>): void => {
    clearTimeout(this.#going.get(detail.toString()))
    this.#going.delete(detail.toString())
  }
}
