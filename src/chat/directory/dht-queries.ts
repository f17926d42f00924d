import { ENOUGH_LISTS, ENOUGH_RECORDS } from './constants.ts'
import { profileSequence } from './profile-record.ts'
import type { DirectoryComponents } from './index.ts'
import type { Logger, PeerId } from '@libp2p/interface'
import type { QueryEvent } from '@libp2p/kad-dht'
import type { CID } from 'multiformats/cid'

/** How a query went, whatever it found. */
export interface Hearing {
  /** Nodes that answered, with something or with nothing. */
  answered: number
  /** Nodes that did not: gone, too slow, or with something that does not hold. */
  failed: number
}

/** That nothing was found says something only where most of those asked have answered. */
export function wasHeard({ answered, failed }: Hearing): boolean {
  return answered > 0 && answered >= failed
}

/**
 * Asks the DHT, and stops when enough of it has answered. kad-dht by itself waits for everybody, the dead included, and
 * gives out no record before each node with an older one has been corrected, nor any when one of them could not be.
 */
export class DhtQueries {
  readonly #dht: DirectoryComponents['dht']
  readonly #log: Logger

  constructor({ dht, logger }: Pick<DirectoryComponents, 'dht' | 'logger'>) {
    this.#dht = dht
    this.#log = logger.forComponent('sotto:directory')
  }

  /** The newest of the records under a key; each has passed the validators. */
  async newest(
    key: Uint8Array,
    hearing: Hearing,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const records: Uint8Array[] = []
    try {
      for await (const event of this.#dht.get(key, { signal })) {
        count(event, hearing)
        const record = recordOf(event)
        if (record !== undefined && records.push(record) >= ENOUGH_RECORDS) break
      }
    } catch (err) {
      // no peers, or out of time: what was found still counts
      this.#log('search for a profile ended early - %e', err)
    }
    return records.sort((a, b) => Number(profileSequence(b) - profileSequence(a)))[0]
  }

  /** Who says that they go by a name: told to `onProvider`, each perhaps several times. */
  async providers(
    cid: CID,
    hearing: Hearing,
    signal: AbortSignal,
    onProvider: (peer: PeerId) => void,
  ): Promise<void> {
    let lists = 0
    try {
      for await (const event of this.#dht.findProviders(cid, { signal })) {
        count(event, hearing)
        if (event.name !== 'PEER_RESPONSE' || event.providers.length === 0) continue
        for (const { id } of event.providers) onProvider(id)
        if (++lists >= ENOUGH_LISTS) break
      }
    } catch (err) {
      this.#log('search for a name ended early - %e', err)
    }
  }
}

function count(event: QueryEvent, hearing: Hearing): void {
  if (event.name === 'PEER_RESPONSE') hearing.answered++
  if (event.name === 'QUERY_ERROR') hearing.failed++
}

/** What a node answered, or what we keep ourselves. */
function recordOf(event: QueryEvent): Uint8Array | undefined {
  if (event.name === 'VALUE') return event.value
  return event.name === 'PEER_RESPONSE' ? event.record?.value : undefined
}
