import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { Attempts, type DialerComponents } from './attempts.ts'
import {
  DIRECT_HEAD_START_MS,
  LOOKUP_AFTER_MS,
  LOOKUP_PAUSE_FIRST_MS,
  LOOKUP_PAUSE_LAST_MS,
  MAX_PACED_LOOKUPS,
  MAX_SHARED_RELAYS,
  OPEN_HEAD_START_MS,
  WEBRTC_HEAD_START_MS,
  WEBRTC_TIMEOUT_MS,
} from './constants.ts'
import { Pace } from './pace.ts'
import { Rank, rankOf } from './path.ts'
import { addressesOf, circuitTo, directFirst, offerOver, planWays, relayOf } from './ways.ts'
import type { Person } from '../api.ts'
import type { Attempt } from './race.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Report } from './steps.ts'
import type { Connection, PeerId } from '@libp2p/interface'

export type { DialerComponents } from './attempts.ts'

/** libp2p's own protocol of offers and answers, as it stands in a peer's list of protocols. */
const WEBRTC_SIGNALLING = '/webrtc-signaling/0.0.1'

export interface ConnectOptions {
  /** Addresses that the other side told us in this run. */
  readonly told: readonly Multiaddr[]
  /** Connections over which nothing comes: not to be used again. */
  readonly silent: readonly Connection[]
  /** Nodes that lead into the network where they are, each with its peer id. */
  readonly entrances?: readonly Multiaddr[]
  /** Only this person will do. */
  readonly fingerprint?: string
  readonly report?: Report
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
  readonly #attempts: Attempts
  /** Each question to the directory goes to twenty nodes. */
  readonly #lookups = new Pace({
    firstMs: LOOKUP_PAUSE_FIRST_MS,
    lastMs: LOOKUP_PAUSE_LAST_MS,
    maxPeers: MAX_PACED_LOOKUPS,
  })

  constructor(components: DialerComponents) {
    this.#components = components
    this.#attempts = new Attempts(components)
  }

  /** The first way that works. @throws NoWayError */
  async connect(
    person: Pick<Person, 'peerId' | 'multiaddrs'>,
    options: ConnectOptions,
    signal?: AbortSignal,
  ): Promise<OpenedChannel> {
    const { told, silent, entrances = [], report, fingerprint } = options
    const peer = peerIdFromString(person.peerId)
    const sought = { peer, fingerprint, report }
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
    if (open.length + ways.length === 0) report?.('addresses', 'failed', 'none-known')
    const tried = new Set(ways.map(({ address }) => address.toString()))
    // a search that ends before the directory is asked has not asked it
    const asks = (): boolean => this.#lookups.take(person.peerId) || open.length + ways.length === 0
    const opened = await this.#attempts.race(
      [
        ...open.map((connection) => this.#attempts.over(connection, sought)),
        ...ways.map((way) => this.#attempts.along(way, sought)),
        onlyIf(
          asks,
          this.#attempts.lookUp(startMs + LOOKUP_AFTER_MS, sought, tried, this.#relays()),
        ),
        ...this.#attempts.enter(entrances, sought, tried),
      ],
      signal,
    )
    this.#lookups.forget(person.peerId)
    return opened
  }

  /** A better way than the relayed one there is. @throws NoWayError */
  async upgrade(relayed: OpenedChannel, options: UpgradeOptions): Promise<OpenedChannel> {
    const { remotePeer, remoteAddr } = relayed.connection
    const sought = { peer: remotePeer }
    const known = await this.#known(remotePeer, options.told)
    const direct = directFirst(addressesOf(remotePeer.toString(), known))
    const better = this.#open(remotePeer).filter((connection) => rankOf(connection) > Rank.relayed)
    const attempts = [
      ...better.map((connection) => this.#attempts.over(connection, sought)),
      ...planWays(direct).map((way) => this.#attempts.along(way, sought)),
    ]
    const offer = offerOver(remoteAddr, remotePeer.toString())
    if (options.offer && offer !== undefined && (await this.canOffer(remotePeer))) {
      const afterMs = direct.length > 0 ? WEBRTC_HEAD_START_MS : 0
      attempts.push(this.#attempts.along({ address: offer, afterMs }, sought, WEBRTC_TIMEOUT_MS))
    }
    return this.#attempts.race(attempts, options.signal)
  }

  /** Whether both ends know WebRTC. */
  async canOffer(peer: PeerId): Promise<boolean> {
    if (!this.#components.network.canOffer) return false
    const known = await this.#components.libp2p.peerStore.get(peer).catch(() => undefined)
    return known?.protocols.includes(WEBRTC_SIGNALLING) === true
  }

  /** Connections there are, the best first. */
  #open(peer: PeerId): Connection[] {
    return this.#components.libp2p
      .getConnections(peer)
      .filter(({ status }) => status === 'open')
      .sort((a, b) => rankOf(b) - rankOf(a))
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

/** An attempt that fails at once where there is no reason for it when its time has come. */
function onlyIf<Value>(isDue: () => boolean, { afterMs, run }: Attempt<Value>): Attempt<Value> {
  return {
    afterMs,
    run: (signal, answered) =>
      isDue() ? run(signal, answered) : Promise.reject(new Error('asked a moment ago')),
  }
}

function parse(text: string): Multiaddr[] {
  try {
    return [multiaddr(text)]
  } catch {
    return []
  }
}
