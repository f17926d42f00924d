import type { Chance, Whereabouts } from '../connectivity/chance.ts'
import type { People } from '../people/people.ts'
import type { Strangers } from '../requests/strangers.ts'
import type { Caller } from './caller.ts'
import type { Entries } from './entries.ts'
import type { Listing } from './listing.ts'

const NOWHERE: Whereabouts = { peerId: '', multiaddrs: [] }

export interface LinksInit {
  readonly entries: Pick<Entries, 'all' | 'get'>
  readonly listing: Pick<Listing, 'list'>
  readonly strangers: Pick<Strangers, 'isContact'>
  readonly people: Pick<People, 'get'>
  readonly caller: Pick<Caller, 'tellAddresses'>
}

/** The ways to everybody there is a conversation with: what moves on the ground, and what all of them are told. */
export class Links {
  readonly #init: LinksInit

  constructor(init: LinksInit) {
    this.#init = init
  }

  /** Every connection may be dead without knowing. */
  doubt(): void {
    for (const { link } of this.#init.entries.all()) link.doubt()
  }

  /** Some who could not be reached perhaps can be now. */
  chance(chance: Chance): void {
    for (const { fingerprint, link, told } of this.#init.entries.all()) {
      const { peerId, multiaddrs } = this.#init.people.get(fingerprint) ?? NOWHERE
      if (chance({ peerId, multiaddrs: [...multiaddrs, ...told] })) link.chance()
    }
  }

  /** A direct connection to this peer came up: a relayed conversation may move there. */
  connected(peerId: string): void {
    const { entries, people } = this.#init
    for (const { fingerprint, link } of entries.all()) {
      if (people.get(fingerprint)?.peerId === peerId) link.hint()
    }
  }

  /** Tells those behind a relay where we are now. */
  tellAddresses(): void {
    for (const { link } of this.#init.entries.all()) {
      for (const opened of link.channels) this.#init.caller.tellAddresses(opened)
    }
  }

  /** Tells contacts we have a channel to how we present ourselves now, or whether we are there. */
  announce(what: 'profile' | 'presence'): void {
    for (const { fingerprint, flow, link } of this.#init.entries.all()) {
      if (link.best === undefined || !this.#init.strangers.isContact(fingerprint)) continue
      if (what === 'profile') flow.tellProfile(link.best)
      else flow.tellPresence(link.best)
    }
  }

  isReached(fingerprint: string): boolean {
    return this.#init.entries.get(fingerprint)?.link.best !== undefined
  }

  /** Whom we would call to be there for them: contacts, those that were talked to last first. */
  callable(): string[] {
    return this.#init.listing
      .list()
      .filter(({ id, alarm, replacedBy }) => {
        return alarm === undefined && replacedBy === undefined && this.#init.strangers.isContact(id)
      })
      .map(({ id }) => id)
  }

  /** Opens a channel to a contact, and says nothing if there is none to be had. Resolves with whether there is one. */
  async call(fingerprint: string, signal: AbortSignal): Promise<boolean> {
    const entry = this.#init.entries.get(fingerprint)
    if (entry === undefined || signal.aborted) return false
    const connected = entry.link.join(signal).then(
      () => true,
      () => false,
    )
    // somebody else's attempt goes on without us
    const ended = new Promise<boolean>((resolve) => {
      const end = (): void => {
        resolve(false)
      }
      signal.addEventListener('abort', end)
      void connected.then(() => {
        signal.removeEventListener('abort', end)
      })
    })
    return Promise.race([connected, ended])
  }
}
