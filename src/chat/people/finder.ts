import { isPeerId, type AbortOptions, type PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { race, type Attempt } from '../connectivity/race.ts'
import { Steps, type Report } from '../connectivity/steps.ts'
import { failureOf, wayOf } from '../connectivity/way-report.ts'
import { LookupUnansweredError, PersonNotFoundError } from '../errors.ts'
import { InvalidLinkError, readLink, type Invitation, type Leads } from '../invitations/index.ts'
import { toConnectError, type Query } from './reach.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Fingerprint, LookupProgress, Person } from '../api.ts'
import type { Connector } from '../connectivity/connector.ts'
import type { DirectChat, OpenedChannel } from '../direct/index.ts'
import type { Directory, VerifiedProfile } from '../directory/index.ts'
import type { People } from './people.ts'
import type { Multiaddr } from '@multiformats/multiaddr'

export interface FinderInit {
  /** Our fingerprint: we do not find ourselves. */
  readonly self: Fingerprint
  readonly crypto: Pick<CryptoPort, 'sha256'>
  readonly people: People
  readonly leads: Pick<Leads, 'opened' | 'all'>
  readonly directory: Pick<Directory, 'findByName' | 'findByFingerprint' | 'findByPeer'>
  readonly connector: Pick<Connector, 'open'>
  readonly direct: Pick<DirectChat, 'open'>
  /** Whether we are in no network at all. */
  readonly isAlone: () => boolean
  /** Takes a channel that finding somebody opened. */
  readonly attach: (opened: OpenedChannel) => Promise<void>
  readonly onProgress: (progress: LookupProgress) => void
}

/** The directory is the quicker one to ask for somebody whose peer is known; an address is dialled beside it. */
const MEET_AFTER_MS = 500

/** Looks people up: in links, among those we know, in the directory, and by asking who is at an address. */
export class Finder {
  readonly #init: FinderInit

  constructor(init: FinderInit) {
    this.#init = init
  }

  /** Those whom the user turned to in earlier runs and never met are known of again. */
  recall(): void {
    const { leads, people } = this.#init
    for (const lead of leads.all()) {
      const isMet = people.get(lead.fingerprint)?.known === true
      if (!isMet) people.saw({ peerId: '', ...lead, multiaddrs: waysOf(lead) })
    }
  }

  /** `text` is the query as it was typed. @throws ConnectError | InvalidLinkError | LookupUnansweredError */
  async find(query: Query, text: string, options: AbortOptions): Promise<Person[]> {
    const tell = (state: LookupProgress['state']): void => {
      this.#init.onProgress({ query: text, kind: query.kind, state, steps: steps.list })
    }
    const steps: Steps = new Steps(() => {
      tell('trying')
    })
    try {
      const people = await this.#find(query, steps.report, options)
      tell(people.length > 0 ? 'found' : 'not-found')
      return people
    } catch (err) {
      tell(err instanceof LookupUnansweredError ? 'unanswered' : 'not-found')
      throw err
    }
  }

  /** Has somebody known, from the directory if need be. @throws PersonNotFoundError | LookupUnansweredError */
  async require(fingerprint: Fingerprint): Promise<void> {
    const { directory, people } = this.#init
    if (people.get(fingerprint) !== undefined) return
    const profile = await directory.findByFingerprint(fingerprint)
    if (profile === undefined || this.#others([profile]).length === 0) {
      throw new PersonNotFoundError('nobody of that fingerprint is known')
    }
  }

  async #find(query: Query, report: Report, options: AbortOptions): Promise<Person[]> {
    const { directory } = this.#init
    switch (query.kind) {
      case 'link':
        return [await this.#invited(readLink(this.#init.crypto, query.text))]
      case 'name':
        return this.#listed(report, () => directory.findByName(query.name, options))
      case 'fingerprint':
        return this.#byFingerprint(query.fingerprint, report, options)
      case 'peer-id':
        return this.#byPeer(query.peerId, query.peerId, report, options)
      case 'multiaddr': {
        const peer = query.multiaddr.getComponents().at(-1)
        const peerId = peer?.name === 'p2p' && peer.value ? peerIdFromString(peer.value) : undefined
        return this.#byPeer(peerId, query.multiaddr, report, options)
      }
    }
  }

  /**
   * A link says enough to write to somebody whom nobody can reach now. It is nobody's signed word: of a contact it
   * changes nothing, and whoever answers has to prove the fingerprint.
   */
  async #invited(invitation: Invitation): Promise<Person> {
    const { people, leads, self } = this.#init
    const { fingerprint, peerId = '', name } = invitation
    if (fingerprint === self) throw new InvalidLinkError('link-own')
    const known = people.get(fingerprint)
    if (known?.known === true) return known
    await leads.opened(invitation)
    return people.saw({
      fingerprint,
      peerId: peerId === '' ? (known?.peerId ?? '') : peerId,
      name: known?.name ?? name,
      multiaddrs: [...new Set([...(known?.multiaddrs ?? []), ...waysOf(invitation)])],
    })
  }

  /** Somebody of whom the network knows nothing now can be written to all the same: it goes out when it does. */
  async #byFingerprint(
    fingerprint: Fingerprint,
    report: Report,
    options: AbortOptions,
  ): Promise<Person[]> {
    const { directory, people, self } = this.#init
    if (fingerprint === self) return []
    const found = await this.#listed(report, async () => {
      const profile = await directory.findByFingerprint(fingerprint, options)
      return profile === undefined ? [] : [profile]
    }).catch(unanswered)
    if (found.length > 0) return found
    return [people.get(fingerprint) ?? people.saw({ fingerprint, peerId: '' })]
  }

  /** The directory is asked and the address dialled side by side: whichever says first who that is. */
  async #byPeer(
    peer: PeerId | undefined,
    target: PeerId | Multiaddr,
    report: Report,
    options: AbortOptions,
  ): Promise<Person[]> {
    const attempts: Attempt<Person[]>[] = [
      {
        afterMs: isPeerId(target) ? MEET_AFTER_MS : 0,
        run: (signal) => this.#meet(target, report, { signal }),
      },
    ]
    if (peer !== undefined) {
      attempts.push({ afterMs: 0, run: (signal) => this.#byOwnWord(peer, report, { signal }) })
    }
    const signal = options.signal ?? new AbortController().signal
    try {
      return await race(attempts, { signal, discard: () => undefined })
    } catch (err) {
      throw toConnectError(err)
    }
  }

  /** @throws PersonNotFoundError | LookupUnansweredError */
  async #byOwnWord(peer: PeerId, report: Report, options: AbortOptions): Promise<Person[]> {
    const found = await this.#listed(report, async () => {
      const profile = await this.#init.directory.findByPeer(peer, options)
      return profile === undefined ? [] : [profile]
    })
    if (found.length === 0) throw new PersonNotFoundError('the network does not know that peer')
    return found
  }

  async #listed(report: Report, ask: () => Promise<readonly VerifiedProfile[]>): Promise<Person[]> {
    report('directory', 'trying')
    const profiles = await ask().catch((err: unknown) => {
      if (err instanceof LookupUnansweredError) report('directory', 'failed', 'no-answer')
      throw err
    })
    if (profiles.length > 0) report('directory', 'done')
    else report('directory', 'failed', this.#init.isAlone() ? 'nobody-to-ask' : 'not-listed')
    return this.#others(profiles)
  }

  /** Finds out who is at an address by shaking hands with them. @throws ConnectError */
  async #meet(
    target: PeerId | Multiaddr,
    report: Report,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<Person[]> {
    const { people, connector, direct } = this.#init
    const opened = isPeerId(target)
      ? await connector.open({ peerId: target.toString(), multiaddrs: [] }, { report }, signal)
      : await this.#meetAt(target, report, (address) => direct.open(address, { signal }))
    await this.#init.attach(opened)
    const person = people.get(opened.remote.fingerprint)
    return person === undefined ? [] : [person]
  }

  async #meetAt(
    address: Multiaddr,
    report: Report,
    open: (address: Multiaddr) => Promise<OpenedChannel>,
  ): Promise<OpenedChannel> {
    report(wayOf(address), 'trying')
    try {
      const opened = await open(address)
      report(wayOf(address), 'done')
      return opened
    } catch (err) {
      report(wayOf(address), 'failed', failureOf(err))
      throw err
    }
  }

  /** Takes what the directory has of somebody we know; resolves with what their profile says, if it is told. */
  async refresh(
    fingerprint: Fingerprint,
    options: AbortOptions,
  ): Promise<VerifiedProfile | undefined> {
    const [profile] = await this.#init.directory
      .findByFingerprint(fingerprint, options)
      .then((found) => (found === undefined ? [] : [found]), unanswered)
    if (profile !== undefined) this.#others([profile])
    return profile
  }

  #others(profiles: readonly VerifiedProfile[]): Person[] {
    return profiles
      .filter(({ identity }) => identity.fingerprint !== this.#init.self)
      .map(({ identity, name, multiaddrs }) =>
        this.#init.people.saw({
          fingerprint: identity.fingerprint,
          peerId: identity.peerId.toString(),
          name,
          multiaddrs: multiaddrs.map((address) => address.toString()),
        }),
      )
  }
}

/** Where not knowing is no worse than that there is nobody. @throws whatever else it was */
function unanswered(err: unknown): [] {
  if (err instanceof LookupUnansweredError) return []
  throw err
}

/** Multiaddrs at which a link says that somebody is. */
function waysOf({ addresses, relays }: Invitation): string[] {
  return [...addresses, ...relays.map((relay) => `${relay}/p2p-circuit`)]
}
