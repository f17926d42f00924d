import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import {
  CONNECT_TIMEOUT_MS,
  DIAL_TIMEOUT_MS,
  DIRECT_HEAD_START_MS,
  LOOKUP_AFTER_MS,
  MAX_DIALS,
  MAX_SHARED_RELAYS,
  OPEN_HEAD_START_MS,
  SILENT_AFTER_MS,
  UNUSED_CONNECTION_MS,
  WEBRTC_HEAD_START_MS,
  WEBRTC_TIMEOUT_MS,
} from './constants.ts'
import { CHAT_PROTOCOL } from '../direct/constants.ts'
import { Semaphore } from './semaphore.ts'
import { Rank, rankOf } from './path.ts'
import { race, type Attempt } from './race.ts'
import {
  addressesOf,
  circuitTo,
  directFirst,
  offerOver,
  planWays,
  relayOf,
  type Way,
} from './ways.ts'
import type { Network } from './network.ts'
import type { Person } from '../api.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Connection, Libp2p, PeerId } from '@libp2p/interface'

/** libp2p's own protocol of offers and answers, as it stands in a peer's list of protocols. */
const WEBRTC_SIGNALLING = '/webrtc-signaling/0.0.1'

export interface DialerComponents {
  readonly libp2p: Pick<Libp2p, 'getConnections' | 'peerStore'>
  readonly network: Network
  /** Opens a chat on a connection. */
  readonly openOn: (
    connection: Connection,
    options: { readonly signal: AbortSignal },
  ) => Promise<OpenedChannel>
  /** What the directory says of somebody's addresses. */
  readonly lookup: (
    peer: PeerId,
    options: { readonly signal: AbortSignal },
  ) => Promise<readonly Multiaddr[]>
}

export interface ConnectOptions {
  /** Addresses that the other side told us in this run. */
  readonly told: readonly Multiaddr[]
  /** Connections over which nothing comes: not to be used again. */
  readonly silent: readonly Connection[]
}

export interface UpgradeOptions {
  readonly signal: AbortSignal
  /** Addresses that the other side told us on the way we have. */
  readonly told: readonly Multiaddr[]
  /** Whether to make a WebRTC offer: of the two, one does. */
  readonly offer: boolean
}

/** Finds a way to one person: the ladder's rungs, dialled side by side. */
export class Dialer {
  readonly #components: DialerComponents
  readonly #dials = new Semaphore(MAX_DIALS)

  constructor(components: DialerComponents) {
    this.#components = components
  }

  /** The first way that works. @throws NoWayError */
  async connect(
    person: Pick<Person, 'peerId' | 'multiaddrs'>,
    { told, silent }: ConnectOptions,
    signal?: AbortSignal,
  ): Promise<OpenedChannel> {
    const peer = peerIdFromString(person.peerId)
    const known = await this.#known(peer, [...told, ...person.multiaddrs.flatMap(parse)])
    const open = this.#open(peer).filter((connection) => !silent.includes(connection))
    const startMs = open.length > 0 ? OPEN_HEAD_START_MS : 0
    const ways = planWays(
      addressesOf(person.peerId, [...known, ...this.#overOurRelays(peer, known)]),
      startMs,
      this.#relays(),
      // somebody waits already, and the direct way is likely the one that fell silent
      silent.length > 0 ? 0 : DIRECT_HEAD_START_MS,
    )
    const tried = new Set(ways.map(({ address }) => address.toString()))
    return this.#race(
      [
        ...open.map((connection) => this.#over(connection)),
        ...ways.map((way) => this.#along(way)),
        {
          afterMs: startMs + LOOKUP_AFTER_MS,
          run: (each) => this.#lookUp(peer, tried, each),
        },
      ],
      signal,
    )
  }

  /** A better way than the relayed one there is. @throws NoWayError */
  async upgrade(relayed: OpenedChannel, options: UpgradeOptions): Promise<OpenedChannel> {
    const { remotePeer, remoteAddr } = relayed.connection
    const known = await this.#known(remotePeer, options.told)
    const direct = directFirst(addressesOf(remotePeer.toString(), known))
    const better = this.#open(remotePeer).filter((connection) => rankOf(connection) > Rank.relayed)
    const attempts = [
      ...better.map((connection) => this.#over(connection)),
      ...planWays(direct).map((way) => this.#along(way)),
    ]
    const offer = offerOver(remoteAddr, remotePeer.toString())
    if (options.offer && offer !== undefined && (await this.canOffer(remotePeer))) {
      const afterMs = direct.length > 0 ? WEBRTC_HEAD_START_MS : 0
      attempts.push(this.#along({ address: offer, afterMs }, WEBRTC_TIMEOUT_MS))
    }
    return this.#race(attempts, options.signal)
  }

  /** Whether both ends know WebRTC. */
  async canOffer(peer: PeerId): Promise<boolean> {
    if (!this.#components.network.canOffer) return false
    const known = await this.#components.libp2p.peerStore.get(peer).catch(() => undefined)
    return known?.protocols.includes(WEBRTC_SIGNALLING) === true
  }

  #race(
    attempts: readonly Attempt<OpenedChannel>[],
    signal: AbortSignal | undefined,
  ): Promise<OpenedChannel> {
    const timeout = AbortSignal.timeout(CONNECT_TIMEOUT_MS)
    return race(attempts, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      discard: ({ channel }) => void channel.close(),
    })
  }

  /** Connections there are, the best first. */
  #open(peer: PeerId): Connection[] {
    return this.#components.libp2p
      .getConnections(peer)
      .filter(({ status }) => status === 'open')
      .sort((a, b) => rankOf(b) - rankOf(a))
  }

  #over(connection: Connection): Attempt<OpenedChannel> {
    const { network, openOn } = this.#components
    return {
      afterMs: 0,
      run: async (signal) => {
        const beganAt = performance.now()
        try {
          return await openOn(connection, { signal })
        } catch (err) {
          // another way was faster although this one had a long start: it takes what is sent and gives nothing back
          const isSilent = performance.now() - beganAt > SILENT_AFTER_MS
          if (signal.aborted && isSilent) network.suspect(connection)
          throw err
        }
      },
    }
  }

  #along({ address, afterMs }: Way, timeoutMs = DIAL_TIMEOUT_MS): Attempt<OpenedChannel> {
    const { network, openOn } = this.#components
    return {
      afterMs,
      run: async (signal) => {
        const connection = await this.#dials.run(signal, () =>
          network.dial(address, {
            signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
          }),
        )
        try {
          return await openOn(connection, { signal })
        } catch (err) {
          if (signal.aborted) closeUnlessUsed(connection)
          throw err
        }
      },
    }
  }

  async #lookUp(
    peer: PeerId,
    tried: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<OpenedChannel> {
    const found = addressesOf(
      peer.toString(),
      await this.#components.lookup(peer, { signal }),
    ).filter(
      (address) => !tried.has(address.toString()) && this.#components.network.canDial(address),
    )
    return this.#race(
      planWays(found, 0, this.#relays()).map((way) => this.#along(way)),
      signal,
    )
  }

  /** What we were told of somebody, and what libp2p saw of them. */
  async #known(peer: PeerId, told: readonly Multiaddr[]): Promise<Multiaddr[]> {
    const { libp2p, network } = this.#components
    const stored = await libp2p.peerStore.get(peer).catch(() => undefined)
    return [...(stored?.addresses.map(({ multiaddr: address }) => address) ?? []), ...told].filter(
      (address) => network.canDial(address),
    )
  }

  #relays(): string[] {
    return this.#components.network.relays().flatMap((relay) => relayOf(relay) ?? [])
  }

  /** They may be behind a relay that we use too, whatever their addresses say. */
  #overOurRelays(peer: PeerId, known: readonly Multiaddr[]): Multiaddr[] {
    const text = peer.toString()
    const named = known.map((address) => address.toString())
    return this.#components.network
      .relays()
      .filter((relay) => {
        const id = relayOf(relay)
        const isNamed = named.some((address) => address.includes(`${String(id)}/p2p-circuit`))
        return id !== undefined && id !== text && !isNamed
      })
      .slice(0, MAX_SHARED_RELAYS)
      .map((relay) => circuitTo(relay, text))
  }
}

/**
 * The other side may have begun to talk on a connection that we dialled and do not need: both open their chats at once
 * when one comes up.
 */
function closeUnlessUsed(connection: Connection): void {
  setTimeout(() => {
    const isUsed = connection.streams.some(({ protocol }) => protocol === CHAT_PROTOCOL)
    if (!isUsed) connection.close().catch(() => undefined)
  }, UNUSED_CONNECTION_MS)
}

function parse(text: string): Multiaddr[] {
  try {
    return [multiaddr(text)]
  } catch {
    return []
  }
}
