import { KAD_PROTOCOL } from '../services.ts'
import type { Connection, Libp2pEvents, PeerId } from '@libp2p/interface'
import type { TypedEventTarget } from 'main-event'

/**
 * Connections that lead into the network. Whoever we dialled is somebody's entrance; whoever dialled us may be a browser that
 * only asks the DHT, and then knows others without being able to say who: with nobody else, we are in no network.
 */
export class LeadingPeers {
  readonly #events: TypedEventTarget<Libp2pEvents>
  /** Peers that were heard to serve the DHT and are connected. */
  readonly #servers = new Set<string>()

  constructor(events: TypedEventTarget<Libp2pEvents>) {
    this.#events = events
  }

  start(): void {
    this.#events.addEventListener('peer:identify', this.#onIdentify)
    this.#events.addEventListener('peer:disconnect', this.#onDisconnect)
  }

  stop(): void {
    this.#events.removeEventListener('peer:identify', this.#onIdentify)
    this.#events.removeEventListener('peer:disconnect', this.#onDisconnect)
  }

  includes({ remotePeer, direction }: Pick<Connection, 'remotePeer' | 'direction'>): boolean {
    return direction === 'outbound' || this.#servers.has(remotePeer.toString())
  }

  readonly #onIdentify = ({ detail }: Libp2pEvents['peer:identify']): void => {
    if (detail.protocols.includes(KAD_PROTOCOL)) this.#servers.add(detail.peerId.toString())
  }

  readonly #onDisconnect = ({ detail: peer }: CustomEvent<PeerId>): void => {
    this.#servers.delete(peer.toString())
  }
}
