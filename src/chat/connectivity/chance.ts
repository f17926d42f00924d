/** Somebody is connected who was not: who may be reached because of it. docs/connectivity.md */
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { FEW_PEERS, MAX_SHARED_RELAYS } from './constants.ts'
import { isCircuitAddress } from './path.ts'
import { relayOf } from './ways.ts'
import type { Network } from './network.ts'
import type { Connection, IdentifyResult, Libp2p } from '@libp2p/interface'

/** What is known of somebody who is not connected. */
export interface Whereabouts {
  /** Empty where it is not known. */
  readonly peerId: string
  readonly multiaddrs: readonly (string | Multiaddr)[]
}

/** Whether it is worth trying them now. */
export type Chance = (person: Whereabouts) => boolean

/** Those who came since the last chance was made of them. */
export class Arrivals {
  readonly #seen = new WeakSet<Connection>()
  readonly #peers = new Set<string>()

  /** Returns whether they are new: whoever is connected says what has changed about them in the same words. */
  add({ connection, peerId }: Pick<IdentifyResult, 'connection' | 'peerId'>): boolean {
    if (this.#seen.has(connection)) return false
    this.#seen.add(connection)
    this.#peers.add(peerId.toString())
    return true
  }

  /** What those who came are a chance for; whoever comes from now on is part of the next. */
  take(libp2p: Pick<Libp2p, 'getConnections'>, network: Pick<Network, 'relays'>): Chance {
    const arrived = new Set(this.#peers)
    this.#peers.clear()
    const connected = new Set(
      libp2p.getConnections().map(({ remotePeer }) => remotePeer.toString()),
    )
    const shared = network.relays().slice(0, MAX_SHARED_RELAYS).map(relayOf)
    const concernsAll =
      connected.size <= FEW_PEERS || shared.some((relay) => arrived.has(String(relay)))
    return ({ peerId, multiaddrs }) =>
      concernsAll || arrived.has(peerId) || multiaddrs.some((one) => arrived.has(behind(one)))
  }
}

/** The relay that a circuit leads over; nobody for other addresses. */
function behind(address: string | Multiaddr): string {
  try {
    const parsed = typeof address === 'string' ? multiaddr(address) : address
    return (isCircuitAddress(parsed) ? relayOf(parsed) : undefined) ?? ''
  } catch {
    return ''
  }
}
