import { toHex } from '../../crypto/bytes.ts'
import { dhtReady } from '../directory/dht-ready.ts'
import { LOOKUP_TIMEOUT_MS, MAILBOX_PROTOCOL } from './constants.ts'
import type { MailboxComponents } from './index.ts'
import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'

/** A look-up is good for this long: many letters to one person take one. */
const REMEMBERED_MS = 60_000
const MAX_REMEMBERED = 256

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

  /** Distance as the DHT has it: between the hashes of the address and of the peer's id. */
  distance(address: Uint8Array, peer: PeerId): string {
    const { crypto } = this.#components
    const [a, b] = [crypto.sha256(address), crypto.sha256(peer.toMultihash().bytes)]
    return toHex(a.map((byte, index) => byte ^ (b[index] ?? 0)))
  }

  async #find(address: Uint8Array, options: AbortOptions): Promise<PeerId[]> {
    const found = new Map<string, PeerId>()
    for (const peer of this.#components.libp2p.getPeers()) {
      // an acquaintance counts if it is known to be a mailbox, whether or not the DHT would name it
      if ((await this.#willing(peer)) === true) found.set(peer.toString(), peer)
    }
    for (const peer of await this.#ask(address, options)) found.set(peer.toString(), peer)
    found.delete(this.#components.libp2p.peerId.toString())
    const candidates: { peer: PeerId; distance: string }[] = []
    for (const peer of found.values()) {
      if ((await this.#willing(peer)) === false) continue
      candidates.push({ peer, distance: this.distance(address, peer) })
    }
    candidates.sort((a, b) => (a.distance < b.distance ? -1 : 1))
    return candidates.map(({ peer }) => peer)
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
