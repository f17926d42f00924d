import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { ConnectError, LookupUnansweredError } from '../errors.ts'
import type { Person } from '../api.ts'
import type { Approaches } from '../connectivity/approaches.ts'
import type { Connector } from '../connectivity/connector.ts'
import type { Report } from '../connectivity/steps.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Directory } from '../directory/index.ts'
import type { Leads } from '../invitations/index.ts'
import type { People } from './people.ts'
import type { Connection, Libp2p } from '@libp2p/interface'

export interface ApproachInit {
  readonly people: Pick<People, 'get' | 'saw'>
  readonly leads: Pick<Leads, 'get'>
  readonly approaches: Approaches
  readonly directory: Pick<Directory, 'findByFingerprint'>
  readonly connector: Pick<Connector, 'open'>
  readonly libp2p: Pick<Libp2p, 'getConnections'>
}

/**
 * From a fingerprint to a channel, by everything that is known: what contacts told us, what the link of somebody never
 * met says, what the directory holds.
 */
export class Approach {
  readonly #init: ApproachInit

  constructor(init: ApproachInit) {
    this.#init = init
  }

  /**
   * `told`: where they said they are, in this run. `silent`: connections over which nothing comes; then there is a
   * channel, and the search for another one is nobody's news.
   * @throws ConnectError
   */
  async open(
    person: Person,
    told: readonly Multiaddr[],
    signal: AbortSignal | undefined,
    silent: readonly Connection[],
  ): Promise<OpenedChannel> {
    const { approaches, connector } = this.#init
    if (silent.length > 0) return connector.open(person, { told, silent }, signal)
    const report = approaches.begin(person.fingerprint)
    if (person.known) return connector.open(person, { told, report }, signal)
    return this.#first(person, told, report, signal)
  }

  /** Nobody knows who will answer for somebody never met: only the one who is meant will do. */
  async #first(
    person: Person,
    told: readonly Multiaddr[],
    report: Report,
    signal: AbortSignal | undefined,
  ): Promise<OpenedChannel> {
    const { connector, leads } = this.#init
    const { fingerprint } = person
    const lead = leads.get(fingerprint)
    const entrances = [...(lead?.entrances ?? []), ...(lead?.relays ?? [])].flatMap(parse)
    const options = { told, report, fingerprint, entrances }
    if (person.peerId === '')
      return connector.open(await this.#listed(person, report, signal), options, signal)
    try {
      return await connector.open(person, options, signal)
    } catch (err) {
      if (signal?.aborted === true || this.#isAlone()) throw err
      // a link may be old, or wrong: whoever has the key may say by now that another peer speaks for them
      const listed = await this.#listed(person, report, signal).catch(() => undefined)
      if (listed === undefined || listed.peerId === person.peerId) throw err
      return connector.open(listed, options, signal)
    }
  }

  /** There is nobody to ask for anybody. */
  #isAlone(): boolean {
    return this.#init.libp2p.getConnections().length === 0
  }

  /** Who speaks for a fingerprint, by their own signed word. @throws ConnectError */
  async #listed(
    { fingerprint }: Person,
    report: Report,
    signal: AbortSignal | undefined,
  ): Promise<Person> {
    const { directory, people } = this.#init
    report('directory', 'trying')
    const profile = await directory
      .findByFingerprint(fingerprint, signal ? { signal } : {})
      .catch((err: unknown) => {
        if (!(err instanceof LookupUnansweredError)) throw err
        report('directory', 'failed', 'no-answer')
        throw new ConnectError('no-address', 'the network did not say where they are', {
          cause: err,
        })
      })
    if (profile === undefined) {
      report('directory', 'failed', this.#isAlone() ? 'nobody-to-ask' : 'not-listed')
      throw new ConnectError('no-address', 'nobody knows where they are')
    }
    report('directory', 'done')
    return people.saw({
      fingerprint,
      peerId: profile.identity.peerId.toString(),
      name: profile.name,
      multiaddrs: profile.multiaddrs.map((address) => address.toString()),
    })
  }
}

function parse(text: string): Multiaddr[] {
  try {
    return [multiaddr(text)]
  } catch {
    return []
  }
}
