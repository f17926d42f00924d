import { TypedEventEmitter } from 'main-event'
import { isPrivate } from '@libp2p/utils'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { DeadPeerError } from '../../chat/direct/errors.ts'
import { isCircuitAddress, isDirectAddress, Rank, rankOf } from '../../chat/connectivity/path.ts'
import { canDial, dialAddress } from './dial-address.ts'
import { Entrances } from './entrances.ts'
import { IdentifyAgain, type IdentifyComponents } from './identify-again.ts'
import { LanPeers } from './lan-peers.ts'
import { Probes } from './probes.ts'
import { RelayReservations } from './relay-reservations.ts'
import type { InboundLimits } from './limits/inbound-limits.ts'
import type {
  DialOptions,
  DoubtReason,
  Network,
  NetworkEvents,
  NetworkRefusal,
} from '../../chat/connectivity/network.ts'
import type { NetworkComponents } from './components.ts'
import type { Connection, Logger } from '@libp2p/interface'

export interface NetworkServiceInit {
  readonly bootstrap: readonly string[]
  /** Reservations at relays to hold while nobody can dial us. */
  readonly reservations: number
  /** Whether WebRTC is among the transports. */
  readonly canOffer: boolean
  /** Multiaddrs that our user says others reach us at. */
  readonly announce: readonly string[]
  /** Whether to connect to whom mDNS finds. */
  readonly lan: boolean
  /** Tells when connections may be dead without knowing; returns how to stop. */
  readonly watch: (onDoubt: (reason: DoubtReason) => void) => () => void
  readonly limits: InboundLimits
}

/** What keeps a peer in the network, and what the chat layer asks of it. A libp2p service. */
export class NetworkService extends TypedEventEmitter<NetworkEvents> implements Network {
  readonly #components: NetworkComponents
  readonly #init: NetworkServiceInit
  readonly #log: Logger
  readonly #entrances: Entrances
  readonly #reservations: RelayReservations
  readonly #lan: LanPeers | undefined
  readonly #identify: IdentifyAgain
  readonly #probes: Probes
  /** Somebody from outside got through to us. */
  #isReachable: boolean
  #stopWatch: (() => void) | undefined

  constructor(components: NetworkComponents & IdentifyComponents, init: NetworkServiceInit) {
    super()
    this.#components = components
    this.#init = init
    init.limits.attach(components)
    this.#log = components.logger.forComponent('sotto:network')
    this.#entrances = new Entrances(components, init)
    this.#reservations = new RelayReservations(components, {
      wanted: init.reservations,
      isReachable: () => this.#isReachable,
    })
    this.#identify = new IdentifyAgain(components)
    this.#probes = new Probes(components, (address, options) => this.dial(address, options))
    this.#lan = init.lan ? new LanPeers(components) : undefined
    this.#isReachable = init.announce.some((text) => !isPrivate(multiaddr(text)))
  }

  get canOffer(): boolean {
    return this.#init.canOffer
  }

  async start(): Promise<void> {
    await this.#entrances.start()
    await this.#reservations.start()
    this.#identify.start()
    this.#init.limits.addEventListener('refusal', this.#onRefusal)
    this.#components.events.addEventListener('connection:open', this.#onConnection)
    this.#components.events.addEventListener('transport:listening', this.#confirmOwnAddresses)
    this.#stopWatch = this.#init.watch((reason) => {
      this.doubt(reason)
    })
  }

  afterStart(): void {
    // whoever is connected before every service listens for peers is unknown to the DHT for as long as they stay
    this.#lan?.start()
    this.#entrances.afterStart()
  }

  async beforeStop(): Promise<void> {
    await this.#entrances.beforeStop()
  }

  stop(): void {
    this.#stopWatch?.()
    this.#lan?.stop()
    this.#identify.stop()
    this.#init.limits.removeEventListener('refusal', this.#onRefusal)
    this.#components.events.removeEventListener('connection:open', this.#onConnection)
    this.#components.events.removeEventListener('transport:listening', this.#confirmOwnAddresses)
    this.#reservations.stop()
    this.#entrances.stop()
  }

  dial(address: Multiaddr, options: DialOptions): Promise<Connection> {
    return dialAddress(this.#components, address, options)
  }

  canDial(address: Multiaddr): boolean {
    return canDial(this.#components, address)
  }

  relays(): Multiaddr[] {
    return this.#reservations.connections().map(({ remoteAddr }) => remoteAddr)
  }

  suspect(connection: Connection): void {
    this.#log('nothing comes over %a', connection.remoteAddr)
    connection.abort(new DeadPeerError('nothing comes over this connection'))
    if (!isCircuitAddress(connection.remoteAddr)) return
    const relay = connection.remoteAddr.getComponents().find(({ name }) => name === 'p2p')?.value
    if (relay !== undefined) this.#probes.askPeer(relay)
  }

  /** Asks on every connection whether it is alive, and ends those that are not. */
  doubt(reason: DoubtReason): void {
    this.#log('connections are in doubt: %s', reason)
    if (reason === 'addresses') {
      this.#isReachable = false
      this.#tellOwnAddresses()
    }
    void this.#probes.askAll(this.#reservations.connections()).then(() => {
      this.#reservations.forgive()
      this.#entrances.hurry()
    })
    this.safeDispatchEvent('doubt', { detail: reason })
  }

  /** The one proof that counts: libp2p's AutoNAT needs four peers to agree, and says nothing of a firewall in the way. */
  readonly #onConnection = ({ detail }: CustomEvent<Connection>): void => {
    const { direction, remoteAddr, remotePeer } = detail
    // whatever guards a connection ends it with what was wrong
    detail.addEventListener('close', ({ local, error }) => {
      if (local && error !== undefined) this.#init.limits.refused(error, remotePeer)
    })
    // by WebRTC somebody got through because we sent first, and a relay had told us to whom
    if (direction !== 'inbound' || rankOf(detail) !== Rank.direct) return
    this.#probes.askFormer(detail)
    if (!isPrivate(remoteAddr)) this.#isReachable = true
  }

  readonly #onRefusal = ({ detail }: CustomEvent<NetworkRefusal>): void => {
    this.safeDispatchEvent('refusal', { detail })
  }

  /**
   * An address that the machine itself has, and that is no private one, needs nobody's confirmation: no NAT stands
   * before it. libp2p waits for four peers to dial it back, which a small network does not have.
   */
  readonly #confirmOwnAddresses = (): void => {
    const { addressManager, transportManager } = this.#components
    for (const address of transportManager.getAddrs()) {
      if (isDirectAddress(address) && !isPrivate(address)) {
        addressManager.confirmObservedAddr(address, { type: 'transport' })
      }
    }
  }

  /** libp2p notices new listeners, and not that the machine got other addresses. */
  #tellOwnAddresses(): void {
    const { addressManager, peerStore, peerId } = this.#components
    this.#confirmOwnAddresses()
    const multiaddrs = addressManager
      .getAddresses()
      .map((address) => address.decapsulate(`/p2p/${peerId.toString()}`))
    peerStore.patch(peerId, { multiaddrs }).catch((err: unknown) => {
      this.#log('our new addresses could not be told - %e', err)
    })
  }
}

/** The service's factory, as libp2p takes it. */
export function networkService(init: NetworkServiceInit) {
  return (components: NetworkComponents & IdentifyComponents): NetworkService =>
    new NetworkService(components, init)
}
