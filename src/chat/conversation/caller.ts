import { encodeAddresses } from '../direct/addresses.ts'
import { ConnectError } from '../errors.ts'
import { Rank, rankOf } from '../connectivity/path.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Approach } from '../people/approach.ts'
import type { People } from '../people/people.ts'
import type { Strangers } from '../requests/strangers.ts'
import type { Entry } from './entry.ts'
import type { IdentityWatch } from './identity-watch.ts'
import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

export interface CallerInit {
  readonly people: People
  readonly strangers: Strangers
  readonly watch: IdentityWatch
  readonly approach: Pick<Approach, 'open'>
  readonly ownAddresses: () => Multiaddr[]
}

/** Opens channels to people, and to nobody else than was meant; tells those behind a relay where we are. */
export class Caller {
  readonly #init: CallerInit

  constructor(init: CallerInit) {
    this.#init = init
  }

  /** @throws ConnectError */
  async open(
    entry: Entry,
    signal: AbortSignal | undefined,
    silent: readonly Connection[],
  ): Promise<OpenedChannel> {
    const { people, strangers, approach, watch } = this.#init
    const person = people.get(entry.fingerprint)
    if (person === undefined)
      throw new ConnectError('no-address', 'nobody of that fingerprint is known')
    if (entry.standing.current.replacedBy !== undefined)
      throw new ConnectError('identity-changed', 'another identity took the place of this one')
    if (!entry.isOpened && !strangers.isContact(entry.fingerprint))
      throw new ConnectError('peer-offline', 'nobody calls a stranger by itself')
    const opened = await approach.open(person, entry.told, signal, silent)
    const other = opened.remote.fingerprint
    if (other !== entry.fingerprint) {
      // the channel is good, but not with the person it was meant for: nothing is sent on it
      opened.channel.abort(new ConnectError('identity-changed', 'somebody else answered'))
      people.saw({ fingerprint: other, peerId: opened.remote.peerId.toString() })
      await watch.strangerAnswered(entry, other)
      throw new ConnectError('identity-changed', 'somebody else answers at their address')
    }
    await people.keep(entry.fingerprint)
    return opened
  }

  /** Nobody but contacts hears where we are. */
  tellAddresses(opened: OpenedChannel): void {
    const { strangers, ownAddresses } = this.#init
    const isRelayed = rankOf(opened.connection) === Rank.relayed
    if (!isRelayed || !strangers.isContact(opened.remote.fingerprint)) return
    opened.channel.sendAddresses(encodeAddresses(ownAddresses()))
  }
}
