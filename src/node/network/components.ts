/** What our own libp2p services are given by libp2p. */
import type {
  ComponentLogger,
  ConnectionGater,
  Libp2pEvents,
  PeerId,
  PeerStore,
} from '@libp2p/interface'
import type {
  AddressManager,
  ConnectionManager,
  Registrar,
  TransportManager,
} from '@libp2p/interface-internal'
import type { Datastore } from 'interface-datastore'
import type { TypedEventTarget } from 'main-event'

export interface NetworkComponents {
  readonly peerId: PeerId
  readonly peerStore: PeerStore
  readonly events: TypedEventTarget<Libp2pEvents>
  readonly logger: ComponentLogger
  readonly datastore: Datastore
  readonly registrar: Registrar
  readonly connectionGater: ConnectionGater
  readonly connectionManager: ConnectionManager
  readonly transportManager: TransportManager
  readonly addressManager: AddressManager
}
