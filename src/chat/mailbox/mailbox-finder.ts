import { toHex } from '../../crypto/bytes.ts'
import { dhtReady } from '../directory/dht-ready.ts'
import { LOOKUP_TIMEOUT_MS, MAILBOX_PROTOCOL } from './constants.ts'
import type { MailboxComponents } from './index.ts'
import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'

/** A look-up is good for this long: many letters to one person take one. */
const REMEMBERED_MS = 60_000
const MAX_REMEMBERED = 256
/** Places of peers in the key space; a hash each. */
const MAX_PLACES = 4096
/** How many of the routing table's nearest are looked at: more than enough for some to be unwilling or gone. */
const KNOWN_BREADTH = 20

interface Remembered {
  readonly at: number
  readonly peers: Promise<PeerId[]>
}

/**
 * Who keeps the letters of an address: the nodes nearest to it by Kademlia's distance, of those that are willing. They
 * need no list of their own: a node says by its protocols that it is a mailbox, so four nodes work as a million do.
 */
export class MailboxFinder {
  readonly #components: MailboxComponents
  readonly #now: () => number
  readonly #log: Logger
  readonly #remembered = new Map<string, Remembered>()
  readonly #places = new Map<string, Uint8Array>()

  constructor(components: MailboxComponents, now: () => number) {
    this.#components = components
    this.#now = now
    this.#log = components.logger.forComponent('sotto:mailbox:finder')
  }

  /**
   * Candidates, the nearest first, without ourselves. Some may turn out not to be willing: those we have not met yet.
   * Never throws; nobody when nobody is there.
   */
  nearest(
    address: Uint8Array,
    options: AbortOptions & { fresh?: boolean } = {},
  ): Promise<PeerId[]> {
    const key = toHex(address)
    const known = this.#remembered.get(key)
    const now = this.#now()
    if (known !== undefined && options.fresh !== true && now - known.at < REMEMBERED_MS) {
      return known.peers
    }
    const peers = this.#find(address, options)
    this.#remembered.set(key, { at: now, peers })
    void peers.then((found) => {
      if (found.length === 0) this.#remembered.delete(key)
    })
    if (this.#remembered.size > MAX_REMEMBERED) {
      for (const oldest of this.#remembered.keys()) {
        this.#remembered.delete(oldest)
        break
      }
    }
    return peers
  }

  /**
   * Candidates as `nearest`, of those we know without asking anybody: the routing table's and the last look-up's. Whoever is
   * near an address knows the others who are.
   */
  async known(address: Uint8Array): Promise<PeerId[]> {
    const { libp2p, dht, crypto } = this.#components
    const near =
      dht.routingTable?.closestPeers(crypto.sha256(address), { count: KNOWN_BREADTH }) ?? []
    const asked = (await this.#remembered.get(toHex(address))?.peers) ?? []
    const found = new Map([...near, ...asked].map((peer) => [peer.toString(), peer]))
    const willing: PeerId[] = []
    for (const peer of found.values()) {
      if ((await this.#willing(peer)) !== false) willing.push(peer)
    }
    if (near.length < KNOWN_BREADTH) {
      // a small network, or one just met: an acquaintance counts even if the table does not have it
      for (const peer of libp2p.getPeers()) {
        if (!found.has(peer.toString()) && (await this.#willing(peer)) === true) willing.push(peer)
      }
    }
    return this.#sorted(address, willing)
  }

  /** Distance as the DHT has it: between the hashes of the address and of the peer's id. */
  distance(address: Uint8Array, peer: PeerId): string {
    return distanceOf(this.#components.crypto.sha256(address), this.#placeOf(peer))
  }

  #sorted(address: Uint8Array, peers: Iterable<PeerId>): PeerId[] {
    const { libp2p, crypto } = this.#components
    const target = crypto.sha256(address)
    return [...peers]
      .filter((peer) => !peer.equals(libp2p.peerId))
      .map((peer) => ({ peer, distance: distanceOf(target, this.#placeOf(peer)) }))
      .sort((a, b) => (a.distance < b.distance ? -1 : 1))
      .map(({ peer }) => peer)
  }

  #placeOf(peer: PeerId): Uint8Array {
    const key = peer.toString()
    const known = this.#places.get(key)
    if (known !== undefined) return known
    const place = this.#components.crypto.sha256(peer.toMultihash().bytes)
    if (this.#places.size >= MAX_PLACES) this.#places.clear()
    this.#places.set(key, place)
    return place
  }

  async #find(address: Uint8Array, options: AbortOptions): Promise<PeerId[]> {
    const found = new Map<string, PeerId>()
    for (const peer of this.#components.libp2p.getPeers()) {
      // an acquaintance counts if it is known to be a mailbox, whether or not the DHT would name it
      if ((await this.#willing(peer)) === true) found.set(peer.toString(), peer)
    }
    for (const peer of await this.#ask(address, options)) found.set(peer.toString(), peer)
    const candidates: PeerId[] = []
    for (const peer of found.values()) {
      if ((await this.#willing(peer)) !== false) candidates.push(peer)
    }
    return this.#sorted(address, candidates)
  }

  async #ask(address: Uint8Array, options: AbortOptions): Promise<PeerId[]> {
    const timeout = AbortSignal.timeout(LOOKUP_TIMEOUT_MS)
    const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout
    const peers: PeerId[] = []
    try {
      if (!(await dhtReady(this.#components, signal))) return []
      for await (const event of this.#components.dht.getClosestPeers(address, { signal })) {
        if (event.name === 'FINAL_PEER') peers.push(event.peer.id)
      }
    } catch (err) {
      this.#log('a search for mailboxes ended early - %e', err)
    }
    return peers
  }

  /** Undefined for somebody who has not told us their protocols. */
  async #willing(peer: PeerId): Promise<boolean | undefined> {
    try {
      const { protocols } = await this.#components.libp2p.peerStore.get(peer)
      return protocols.length === 0 ? undefined : protocols.includes(MAILBOX_PROTOCOL)
    } catch {
      return undefined
    }
  }
}

function distanceOf(a: Uint8Array, b: Uint8Array): string {
  return toHex(a.map((byte, index) => byte ^ (b[index] ?? 0)))
}
