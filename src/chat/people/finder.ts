import { isPeerId, type AbortOptions } from '@libp2p/interface'
import { PersonNotFoundError } from '../errors.ts'
import { toConnectError, type Query } from './reach.ts'
import type { Fingerprint, Person } from '../api.ts'
import type { Connector } from '../connectivity/connector.ts'
import type { DirectChat, OpenedChannel } from '../direct/index.ts'
import type { Directory, VerifiedProfile } from '../directory/index.ts'
import type { People } from './people.ts'

export interface FinderInit {
  /** Our fingerprint: we do not find ourselves. */
  readonly self: Fingerprint
  readonly people: People
  readonly directory: Pick<Directory, 'findByName' | 'findByFingerprint' | 'findByPeer'>
  readonly connector: Pick<Connector, 'open'>
  readonly direct: Pick<DirectChat, 'open'>
  /** Takes a channel that finding somebody opened. */
  readonly attach: (opened: OpenedChannel) => Promise<void>
}

/** Looks people up: among those we know, in the directory, and by asking who is at an address. */
export class Finder {
  readonly #init: FinderInit

  constructor(init: FinderInit) {
    this.#init = init
  }

  /** @throws ConnectError */
  async find(query: Query, options: AbortOptions): Promise<Person[]> {
    const { directory, people } = this.#init
    switch (query.kind) {
      case 'name': {
        const profiles = await directory.findByName(query.name, options)
        return this.#others(profiles)
      }
      case 'fingerprint': {
        const profile = await directory.findByFingerprint(query.fingerprint, options)
        if (profile !== undefined) return this.#others([profile])
        const known = people.get(query.fingerprint)
        return known === undefined ? [] : [known]
      }
      case 'peer-id': {
        const profile = await directory.findByPeer(query.peerId, options)
        return profile === undefined ? this.#meet(query.peerId, options) : this.#others([profile])
      }
      case 'multiaddr':
        return this.#meet(query.multiaddr, options)
    }
  }

  /** Has somebody known, from the directory if need be. @throws PersonNotFoundError */
  async require(fingerprint: Fingerprint): Promise<void> {
    const { directory, people } = this.#init
    if (people.get(fingerprint) !== undefined) return
    const profile = await directory.findByFingerprint(fingerprint)
    if (profile === undefined || this.#others([profile]).length === 0) {
      throw new PersonNotFoundError('nobody of that fingerprint is known')
    }
  }

  /** Finds out who is at an address by shaking hands with them. @throws ConnectError */
  async #meet(target: Parameters<DirectChat['open']>[0], options: AbortOptions): Promise<Person[]> {
    const { people, connector, direct } = this.#init
    try {
      const { signal } = options
      const opened = isPeerId(target)
        ? await connector.open({ peerId: target.toString(), multiaddrs: [] }, [], signal)
        : await direct.open(target, signal ? { signal } : {})
      await this.#init.attach(opened)
      const person = people.get(opened.remote.fingerprint)
      return person === undefined ? [] : [person]
    } catch (err) {
      throw toConnectError(err)
    }
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
