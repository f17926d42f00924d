import { isLoopback, isPrivate } from '@libp2p/utils'
import { PORT_MAPPING_AFTER_MS } from './constants.ts'
import { unref } from './clock-watch.ts'
import { isDirectAddress } from '../../chat/connectivity/path.ts'
import type { NetworkComponents } from './components.ts'
import type { UPnPNATComponents } from '@libp2p/upnp-nat'

/** Half an hour: a gateway that was restarted knows nothing of us, and forgets us when we are gone. */
const MAPPING_TTL_MS = 30 * 60_000

const SEARCH_INTERVAL_MS = 5 * 60_000
const SEARCH_TIMEOUT_MS = 6000
const SEARCH_MESSAGE_MS = 2000

export type PortMappingComponents = UPnPNATComponents & Pick<NetworkComponents, 'transportManager'>

/** libp2p's own, as far as it is used. */
export interface PortMapper {
  start?(): void | Promise<void>
  stop?(): void | Promise<void>
}

/**
 * Asks the gateway for ports by UPnP, once the peer is up and if it listens on an address that a gateway may stand
 * before. The module costs 6 MB and is loaded then. A libp2p service.
 */
export class PortMapping {
  readonly #components: PortMappingComponents
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #load: Load
  #mapper: PortMapper | undefined
  #stopped = false

  /** @param load another one, for tests */
  constructor(components: PortMappingComponents, load: Load = loadUpnp) {
    this.#components = components
    this.#load = load
  }

  start(): void {
    // `afterStart` knows where we listen
  }

  afterStart(): void {
    this.#timer = setTimeout(() => {
      this.#map().catch((err: unknown) => {
        this.#components.logger
          .forComponent('sotto:port-mapping')
          .error('no port was mapped - %e', err)
      })
    }, PORT_MAPPING_AFTER_MS)
    unref(this.#timer)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#mapper?.stop?.()
  }

  async #map(): Promise<void> {
    const listens = this.#components.transportManager.getAddrs()
    const isBehindGateway = listens.some(
      (address) => isDirectAddress(address) && isPrivate(address) && !isLoopback(address),
    )
    if (!isBehindGateway) return
    const mapper = await this.#load(this.#components)
    if (this.#stopped) return
    this.#mapper = mapper
    await mapper.start?.()
  }
}

type Load = (components: PortMappingComponents) => Promise<PortMapper>

const loadUpnp: Load = async (components) => {
  const { uPnPNAT } = await import('@libp2p/upnp-nat')
  return uPnPNAT({
    portMappingTTL: MAPPING_TTL_MS,
    // what the gateway says is confirmed by nobody: a second NAT may stand behind it, and then the address leads
    // nowhere and is one more that others try in vain
    autoConfirmAddress: true,
    // most networks have no gateway that answers: a few questions each five minutes, instead of one each second
    initialGatewaySearchInterval: SEARCH_INTERVAL_MS,
    initialGatewaySearchTimeout: SEARCH_TIMEOUT_MS,
    initialGatewaySearchMessageInterval: SEARCH_MESSAGE_MS,
    gatewaySearchTimeout: SEARCH_TIMEOUT_MS,
  })(components) as PortMapper
}
