import { relayOf } from '../../../chat/connectivity/ways.ts'
import { isOwnAddress } from '../own-address.ts'
import { isDirectAddress } from '../../../chat/connectivity/path.ts'
import { MAX_CONNECTIONS_A_PEER } from './constants.ts'
import { TooManyConnectionsError } from './errors.ts'
import type { Admission, Visit } from './admission.ts'
import type { NetworkComponents } from '../components.ts'
import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface'

type Components = Pick<NetworkComponents, 'connectionManager' | 'transportManager'>

/**
 * For libp2p's connection gater: one peer's connections, and those that come over relays, which have no socket of their own
 * and take the share of the relay.
 */
export class ConnectionGate {
  readonly #admission: Admission
  readonly #onRefusal: (why: Error, peer: PeerId) => void
  readonly #visits = new WeakMap<MultiaddrConnection, Visit>()
  #components: Components | undefined

  constructor(admission: Admission, onRefusal: (why: Error, peer: PeerId) => void) {
    this.#admission = admission
    this.#onRefusal = onRefusal
  }

  readonly gater: Pick<
    ConnectionGater,
    | 'denyDialMultiaddr'
    | 'denyInboundConnection'
    | 'denyInboundEncryptedConnection'
    | 'denyInboundUpgradedConnection'
  > = {
    denyDialMultiaddr: (address) =>
      this.#components !== undefined && isOwnAddress(address, this.#components.transportManager),
    denyInboundConnection: (connection) => !this.#admits(connection),
    denyInboundEncryptedConnection: (peer) => this.#hasEnough(peer),
    denyInboundUpgradedConnection: (_, connection) => {
      this.#visits.get(connection)?.arrived()
      return false
    },
  }

  attach(components: Components): void {
    this.#components = components
  }

  #admits(connection: MultiaddrConnection): boolean {
    const { remoteAddr } = connection
    if (isDirectAddress(remoteAddr)) return true
    try {
      const visit = this.#admission.admit({
        host: `over ${relayOf(remoteAddr) ?? 'nobody'}`,
        end: (why) => {
          connection.abort(why)
        },
      })
      this.#visits.set(connection, visit)
      connection.addEventListener('close', () => {
        visit.left()
      })
      return true
    } catch {
      // counted there
      return false
    }
  }

  #hasEnough(peer: PeerId): boolean {
    const held = this.#components?.connectionManager.getConnections(peer).length ?? 0
    if (held < MAX_CONNECTIONS_A_PEER) return false
    this.#onRefusal(new TooManyConnectionsError('one peer has too many connections'), peer)
    return true
  }
}
