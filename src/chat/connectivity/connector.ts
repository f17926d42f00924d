import { ConnectError } from '../errors.ts'
import { toConnectError } from '../people/reach.ts'
import { Arrivals, type Chance } from './chance.ts'
import { CHANCE_AFTER_MS } from './constants.ts'
import { Dialer, type ConnectOptions, type DialerComponents } from './dialer.ts'
import { Rank, rankOf } from './path.ts'
import type { Person, UpgradeFailure } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { NetworkRefusal } from './network.ts'
import type { Connection, IdentifyResult, Libp2p } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

export interface ConnectorComponents extends DialerComponents {
  readonly libp2p: DialerComponents['libp2p'] &
    Pick<Libp2p, 'addEventListener' | 'removeEventListener' | 'getMultiaddrs'>
}

/** Who is told when the ground moves. */
export interface ConnectorListener {
  /** Every connection may be dead without knowing. */
  onDoubt(): void
  /** Our addresses are other ones. */
  onAddresses(): void
  /** Somebody is connected who was not: a relay came back, or the network did. */
  onChance(chance: Chance): void
  /** A direct connection from us to this peer came up, whatever it was wanted for. */
  onConnection(peerId: string): void
  /** The network refused a stranger something. */
  onRefusal(error: Error, peerId: string): void
}

/** Between the conversations, which want to reach people, and the network, which comes and goes. */
export class Connector {
  readonly #components: ConnectorComponents
  readonly #listener: ConnectorListener
  readonly #dialer: Dialer
  readonly #arrivals = new Arrivals()
  #addresses = ''
  #chanceTimer: ReturnType<typeof setTimeout> | undefined

  constructor(components: ConnectorComponents, listener: ConnectorListener) {
    this.#components = components
    this.#listener = listener
    this.#dialer = new Dialer(components)
  }

  start(): void {
    const { libp2p, network } = this.#components
    this.#addresses = this.#describeAddresses()
    network.addEventListener('doubt', this.#onDoubt)
    network.addEventListener('refusal', this.#onRefusal)
    libp2p.addEventListener('connection:open', this.#onConnection)
    libp2p.addEventListener('peer:identify', this.#onIdentify)
    libp2p.addEventListener('self:peer:update', this.#onSelfUpdate)
  }

  stop(): void {
    const { libp2p, network } = this.#components
    network.removeEventListener('doubt', this.#onDoubt)
    network.removeEventListener('refusal', this.#onRefusal)
    libp2p.removeEventListener('connection:open', this.#onConnection)
    libp2p.removeEventListener('peer:identify', this.#onIdentify)
    clearTimeout(this.#chanceTimer)
    libp2p.removeEventListener('self:peer:update', this.#onSelfUpdate)
  }

  /** A channel to whoever answers for a person, on the first path that works. @throws ConnectError */
  async open(
    person: Pick<Person, 'peerId' | 'multiaddrs'>,
    options: Partial<ConnectOptions> = {},
    signal?: AbortSignal,
  ): Promise<OpenedChannel> {
    if (person.peerId === '') throw new ConnectError('no-address', 'nothing of them is known')
    try {
      return await this.#dialer.connect(person, { told: [], silent: [], ...options }, signal)
    } catch (err) {
      throw toConnectError(err)
    }
  }

  /** A channel on a better path than the relayed one, with the same person. @throws ConnectError */
  async upgrade(
    relayed: OpenedChannel,
    options: {
      readonly signal: AbortSignal
      readonly offer: boolean
      readonly told: readonly Multiaddr[]
    },
  ): Promise<OpenedChannel> {
    const opened = await this.#dialer.upgrade(relayed, options)
    if (opened.remote.fingerprint === relayed.remote.fingerprint) return opened
    const err = new ConnectError('identity-changed', 'somebody else is there')
    opened.channel.abort(err)
    throw err
  }

  /** What stood in the way of an upgrade. */
  explain(err: unknown): UpgradeFailure {
    if (!(err instanceof AggregateError)) return 'unreachable'
    if (err.errors.length === 0) return 'no-address'
    return this.#components.network.canOffer ? 'hole-punch-failed' : 'unreachable'
  }

  suspect(connection: Connection): void {
    this.#components.network.suspect(connection)
  }

  readonly #onDoubt = (): void => {
    this.#listener.onDoubt()
  }

  readonly #onRefusal = ({ detail }: CustomEvent<NetworkRefusal>): void => {
    this.#listener.onRefusal(detail.error, detail.peerId)
  }

  /** Several come at once when a network comes back. */
  readonly #onIdentify = ({ detail }: CustomEvent<IdentifyResult>): void => {
    if (!this.#arrivals.add(detail)) return
    this.#chanceTimer ??= setTimeout(() => {
      this.#chanceTimer = undefined
      const { libp2p, network } = this.#components
      this.#listener.onChance(this.#arrivals.take(libp2p, network))
    }, CHANCE_AFTER_MS)
  }

  readonly #onConnection = ({ detail }: CustomEvent<Connection>): void => {
    // whoever dialled opens the chat: both at once would make two
    if (detail.direction === 'inbound' || rankOf(detail) === Rank.relayed) return
    this.#listener.onConnection(detail.remotePeer.toString())
  }

  readonly #onSelfUpdate = (): void => {
    const addresses = this.#describeAddresses()
    if (addresses === this.#addresses) return
    this.#addresses = addresses
    this.#listener.onAddresses()
  }

  #describeAddresses(): string {
    const addresses = this.#components.libp2p.getMultiaddrs()
    return addresses
      .map((address) => address.toString())
      .sort()
      .join('\n')
  }
}
