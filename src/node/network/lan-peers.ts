import { isPrivate } from '@libp2p/utils'
import { isDirectAddress } from '../../chat/connectivity/path.ts'
import { LAN_DIAL_TIMEOUT_MS, MAX_LAN_PEERS } from './constants.ts'
import type { NetworkComponents } from './components.ts'
import type { Logger, PeerInfo } from '@libp2p/interface'

type Components = Pick<NetworkComponents, 'events' | 'logger' | 'connectionManager'>

/**
 * Connects to whom mDNS found on the local network: libp2p tells of them and dials nobody. Two peers on a LAN without a
 * way out find each other so, and nothing else.
 */
export class LanPeers {
  readonly #components: Components
  readonly #log: Logger
  #dialling = 0

  constructor(components: Components) {
    this.#components = components
    this.#log = components.logger.forComponent('sotto:lan')
  }

  start(): void {
    this.#components.events.addEventListener('peer:discovery', this.#onDiscovery)
  }

  stop(): void {
    this.#components.events.removeEventListener('peer:discovery', this.#onDiscovery)
  }

  readonly #onDiscovery = ({ detail }: CustomEvent<PeerInfo>): void => {
    const { connectionManager } = this.#components
    const onLan = detail.multiaddrs.filter(
      (address) => isDirectAddress(address) && isPrivate(address),
    )
    if (onLan.length === 0 || connectionManager.getConnections(detail.id).length > 0) return
    if (this.#dialling + this.#connected() >= MAX_LAN_PEERS) return
    this.#dialling++
    connectionManager
      .openConnection(detail.id, { signal: AbortSignal.timeout(LAN_DIAL_TIMEOUT_MS) })
      .catch((err: unknown) => {
        this.#log('%p was found and does not answer - %e', detail.id, err)
      })
      .finally(() => {
        this.#dialling--
      })
  }

  #connected(): number {
    return this.#components.connectionManager
      .getConnections()
      .filter(({ direction, remoteAddr }) => direction === 'outbound' && isPrivate(remoteAddr))
      .length
  }
}
