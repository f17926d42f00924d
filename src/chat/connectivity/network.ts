import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { TypedEventTarget } from 'main-event'

export interface NetworkEvents {
  /** Connections may be dead without knowing: the machine slept, or its addresses changed. */
  doubt: CustomEvent<DoubtReason>
  /** A stranger wanted more than they get. */
  refusal: CustomEvent<NetworkRefusal>
}

export interface NetworkRefusal {
  readonly error: Error
  /** Empty where nobody said yet who they are. */
  readonly peerId: string
}

export type DoubtReason = 'sleep' | 'addresses' | 'online' | 'visible'

export interface DialOptions {
  readonly signal: AbortSignal
  /** A machine took the connection; who is there is not known yet. */
  readonly onAnswer?: () => void
}

/**
 * What the supervisor of paths needs from the network below and libp2p's own interface does not give. `src/node` has
 * one for Node.js and browsers.
 */
export interface Network extends TypedEventTarget<NetworkEvents> {
  /** Opens a connection to exactly this address, whatever connections to that peer there are. */
  dial(address: Multiaddr, options: DialOptions): Promise<Connection>
  /** Whether a transport of ours takes such addresses. */
  canDial(address: Multiaddr): boolean
  /** Whether both sides can send first, each through its own NAT. */
  readonly canOffer: boolean
  /** Addresses of the relays we are connected to, with /p2p/…, those with a reservation of ours first. */
  relays(): Multiaddr[]
  /** Nothing comes over this connection any more: nobody should use it again, nor the relay's if that is dead as well. */
  suspect(connection: Connection): void
}
