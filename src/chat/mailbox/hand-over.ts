import { toHex } from '../../crypto/bytes.ts'
import { REPAIR_BOXES, REPAIR_LETTERS, REPLICAS } from './constants.ts'
import { MailboxClient } from './mailbox-client.ts'
import type { MailboxComponents } from './index.ts'
import type { LetterStore } from './letter-store.ts'
import type { MailboxFinder } from './mailbox-finder.ts'
import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'

/**
 * Hands letters on as nodes come and go: what lies here is offered to whoever is among the nearest by now and does not
 * have it. A deposit is its own proof, so a mailbox can be handed letters by anybody and believes nobody.
 */
export class HandOver {
  readonly #components: MailboxComponents
  readonly #finder: MailboxFinder
  readonly #store: LetterStore
  readonly #log: Logger
  /** Where the next round goes on, when there are more addresses than one round looks at. */
  #next = 0

  constructor(components: MailboxComponents, finder: MailboxFinder, store: LetterStore) {
    this.#components = components
    this.#finder = finder
    this.#store = store
    this.#log = components.logger.forComponent('sotto:mailbox:hand-over')
  }

  /** Looks at some of the addresses and restores the number of copies. Never throws. */
  async repair(options: AbortOptions = {}): Promise<void> {
    const { addresses } = this.#store
    const from = this.#next >= addresses.length ? 0 : this.#next
    this.#next = from + REPAIR_BOXES
    const some = addresses.slice(from, from + REPAIR_BOXES)
    await this.#offer(some, REPAIR_LETTERS, options)
  }

  /** Before we go: everything that lies here is given to those who will be nearest without us. Never throws. */
  async leave(options: AbortOptions): Promise<void> {
    await this.#offer(this.#store.addresses, Infinity, options)
  }

  async #offer(
    addresses: readonly Uint8Array[],
    limit: number,
    options: AbortOptions,
  ): Promise<void> {
    const weStay = limit < Infinity
    const rounds = new Map<string, { readonly peer: PeerId; readonly addresses: Uint8Array[] }>()
    for (const address of addresses) {
      if (options.signal?.aborted === true) return
      for (const peer of await this.#heirs(address, weStay, options)) {
        const round = rounds.get(peer.toString()) ?? { peer, addresses: [] }
        round.addresses.push(address)
        rounds.set(peer.toString(), round)
      }
    }
    await Promise.all([...rounds.values()].map((round) => this.#give(round, limit, options)))
  }

  /** Who should hold an address besides us: of the nearest with us among them, or without us. */
  async #heirs(address: Uint8Array, weStay: boolean, options: AbortOptions): Promise<PeerId[]> {
    const candidates = await this.#finder.nearest(address, { ...options, fresh: weStay })
    if (!weStay) return candidates.slice(0, REPLICAS)
    const own = this.#finder.distance(address, this.#components.libp2p.peerId)
    const nearest = candidates.slice(0, REPLICAS)
    const nearer = nearest.filter((peer) => this.#finder.distance(address, peer) < own)
    return nearer.length < REPLICAS ? nearest.slice(0, REPLICAS - 1) : nearest
  }

  async #give(
    { peer, addresses }: { peer: PeerId; addresses: readonly Uint8Array[] },
    limit: number,
    options: AbortOptions,
  ): Promise<void> {
    let given = 0
    let client: MailboxClient | undefined
    try {
      client = await MailboxClient.visit(this.#components.libp2p, peer, options)
      for (const address of addresses) {
        const held = this.#store.list(address, undefined, Infinity)
        for (const id of await client.missing(address, held)) {
          const deposit = await this.#store.get(address, id)
          if (deposit === undefined) continue
          if (++given > limit) return
          await client.deposit(deposit)
          this.#log('handed %s on to %p', toHex(id).slice(0, 8), peer)
        }
      }
    } catch (err) {
      this.#log('%p was not handed everything - %e', peer, err)
    } finally {
      await client?.close()
    }
  }
}
