import { toHex } from '../../crypto/bytes.ts'
import {
  COLLECT_BREADTH,
  RECHECK_INTERVAL_MS,
  REPAIR_LETTERS,
  REPAIR_LOOKUPS,
  REPLICAS,
  UNREACHABLE_MS,
} from './constants.ts'
import { Placement } from './placement.ts'
import type { MailboxComponents } from './index.ts'
import type { LetterStore } from './letter-store.ts'
import type { MailboxClient } from './mailbox-client.ts'
import type { MailboxFinder } from './mailbox-finder.ts'
import type { Visits } from './visits.ts'
import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'

/** How often a round turns to the next nearest when somebody does not answer. */
const MAX_PASSES = 4

export interface HandOverComponents extends Pick<MailboxComponents, 'libp2p' | 'logger'> {
  readonly finder: MailboxFinder
  readonly store: LetterStore
  readonly visits: Visits
  readonly now: () => number
}

/** Everything that one node is to hold, as far as we hold it. */
interface Errand {
  readonly peer: PeerId
  readonly addresses: Uint8Array[]
}

/**
 * Hands letters on as nodes come and go: what lies here is offered to whoever is among the nearest by now and is not known
 * to have it. A deposit is its own proof, so a mailbox can be handed letters by anybody and believes nobody.
 */
export class HandOver {
  readonly #components: HandOverComponents
  readonly #log: Logger
  readonly #placements = new Map<string, Placement>()
  /** Who did not answer, and until when they are left out. */
  readonly #unreachable = new Map<string, number>()

  constructor(components: HandOverComponents) {
    this.#components = components
    this.#log = components.logger.forComponent('sotto:mailbox:hand-over')
  }

  /** Restores the number of copies of what lies here, and lets go of what others look after. @throws what the store throws */
  async repair(options: AbortOptions = {}): Promise<void> {
    const { store } = this.#components
    const { addresses } = store
    this.#tidy(addresses)
    await this.#lookAround(addresses, options)
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const errands = await this.#errands(addresses)
      if (errands.length === 0 || options.signal?.aborted === true) break
      await Promise.all(errands.map((errand) => this.#give(errand, REPAIR_LETTERS, options)))
    }
    for (const address of addresses) {
      if (await this.#isDispensable(address)) await store.release(address)
    }
  }

  /** Before we go: everything that lies here is given to those who will be nearest without us. Never throws. */
  async leave(options: AbortOptions): Promise<void> {
    const { finder, store } = this.#components
    const errands = new Errands()
    for (const address of store.addresses) {
      if (options.signal?.aborted === true) return
      const heirs = await finder.nearest(address, options)
      for (const peer of heirs.slice(0, REPLICAS)) errands.add(peer, address)
    }
    await Promise.all(errands.all.map((errand) => this.#give(errand, Infinity, options)))
  }

  /** A connection is gone. True when its peer kept letters that lie here too, so that copies may be missing. */
  lost(peer: PeerId): boolean {
    let wasHolder = false
    for (const placement of this.#placements.values()) {
      if (placement.forget(peer)) wasHolder = true
    }
    return wasHolder
  }

  /** Look-ups, a few a round, correct what the routing table does not know. */
  async #lookAround(addresses: readonly Uint8Array[], options: AbortOptions): Promise<void> {
    const { finder, now } = this.#components
    const stale = addresses.filter(
      (address) => now() - this.#placementOf(address).lookedUpAt >= RECHECK_INTERVAL_MS,
    )
    await Promise.all(
      stale.slice(0, REPAIR_LOOKUPS).map(async (address) => {
        await finder.nearest(address, { ...options, fresh: true })
        this.#placementOf(address).lookedUpAt = now()
      }),
    )
  }

  async #errands(addresses: readonly Uint8Array[]): Promise<Errand[]> {
    const { store, now } = this.#components
    const errands = new Errands()
    for (const address of addresses) {
      const [placement, arrivals] = [this.#placementOf(address), store.arrivals(address)]
      for (const peer of await this.#heirs(address)) {
        if (!placement.holds(peer, arrivals, now())) errands.add(peer, address)
      }
    }
    return errands.all
  }

  /** Who should hold an address besides us: the nearest three, of whom we may be one. */
  async #heirs(address: Uint8Array): Promise<PeerId[]> {
    const { nearest, rank } = await this.#around(address)
    return nearest.slice(0, rank < REPLICAS ? REPLICAS - 1 : REPLICAS)
  }

  /** Not one of those whom the owner asks, and those who should have everything have it. */
  async #isDispensable(address: Uint8Array): Promise<boolean> {
    const { store, now } = this.#components
    const { nearest, rank } = await this.#around(address)
    if (rank < COLLECT_BREADTH) return false
    const [placement, arrivals] = [this.#placementOf(address), store.arrivals(address)]
    const heirs = nearest.slice(0, REPLICAS)
    return heirs.every((peer) => placement.holds(peer, arrivals, now()))
  }

  /** The others who are near and answer, the nearest first, and how many of them are nearer than we are. */
  async #around(address: Uint8Array): Promise<{ nearest: PeerId[]; rank: number }> {
    const { finder, libp2p, now } = this.#components
    const nearest = (await finder.known(address)).filter(
      (peer) => (this.#unreachable.get(peer.toString()) ?? 0) <= now(),
    )
    const own = finder.distance(address, libp2p.peerId)
    // sorted: whoever is nearer stands in front
    const after = nearest.findIndex((peer) => finder.distance(address, peer) >= own)
    const rank = after === -1 ? nearest.length : after
    return { nearest, rank }
  }

  async #give({ peer, addresses }: Errand, limit: number, options: AbortOptions): Promise<void> {
    const { visits, now } = this.#components
    try {
      await visits.to(peer, (client) => this.#offer(client, addresses, limit), options)
      this.#unreachable.delete(peer.toString())
    } catch (err) {
      this.#unreachable.set(peer.toString(), now() + UNREACHABLE_MS)
      this.#log('%p was not handed everything - %e', peer, err)
    }
  }

  async #offer(
    client: MailboxClient,
    addresses: readonly Uint8Array[],
    limit: number,
  ): Promise<void> {
    const { store, now } = this.#components
    let given = 0
    for (const address of addresses) {
      const arrivals = store.arrivals(address)
      const held = store.list(address, undefined, Infinity)
      for (const id of await client.missing(address, held)) {
        const deposit = await store.get(address, id)
        if (deposit === undefined) continue
        // the rest in the next round: what comes is written to disk there
        if (++given > limit) return
        await client.deposit(deposit)
        this.#log('handed %s on to %p', toHex(id).slice(0, 8), client.peer)
      }
      this.#placementOf(address).confirmed(client.peer, arrivals, now())
    }
  }

  #placementOf(address: Uint8Array): Placement {
    const key = toHex(address)
    const placement = this.#placements.get(key) ?? new Placement()
    this.#placements.set(key, placement)
    return placement
  }

  /** Forgets addresses that are empty, and who did not answer long ago. */
  #tidy(addresses: readonly Uint8Array[]): void {
    const held = new Set(addresses.map(toHex))
    for (const key of this.#placements.keys()) if (!held.has(key)) this.#placements.delete(key)
    const now = this.#components.now()
    for (const [key, until] of this.#unreachable) if (until <= now) this.#unreachable.delete(key)
  }
}

/** Addresses by who is to hold them, so that each peer is visited once. */
class Errands {
  readonly #errands = new Map<string, Errand>()

  get all(): Errand[] {
    return [...this.#errands.values()]
  }

  add(peer: PeerId, address: Uint8Array): void {
    const errand = this.#errands.get(peer.toString()) ?? { peer, addresses: [] }
    errand.addresses.push(address)
    this.#errands.set(peer.toString(), errand)
  }
}
