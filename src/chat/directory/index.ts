/**
 * The directory: who goes by which name, and where they can be reached, in the DHT under `/sotto/kad/1.0.0`.
 * docs/specs/directory.md
 *
 * A peer and a fingerprint point to a signed profile, which everybody has unless they publish nothing. A name points to
 * peers by provider records, which the DHT takes from each peer for itself alone. It does not know contacts: who is believed is decided elsewhere.
 */
import { Directory } from './directory.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Identity } from '../identity/identity.ts'
import type { ProfileFields } from './profile-record.ts'
import type { ComponentLogger, Libp2p } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'

export type { Directory } from './directory.ts'
export type { VerifiedProfile } from './profile-record.ts'

export interface DirectoryComponents {
  readonly libp2p: Pick<
    Libp2p,
    'peerId' | 'getMultiaddrs' | 'getPeers' | 'addEventListener' | 'removeEventListener'
  >
  readonly dht: Pick<KadDHT, 'put' | 'get' | 'provide' | 'findProviders' | 'cancelReprovide'> & {
    /** There, though not in the interface. */
    readonly routingTable?: { readonly size: number }
  }
  readonly logger: ComponentLogger
  readonly crypto: CryptoPort
}

export interface DirectoryInit {
  readonly identity: Identity
  readonly now?: () => number
  /** False: nothing of us goes into the DHT, and we look up all the same. @default true */
  readonly publish?: boolean
  /** @default LOOKUP_TIMEOUT_MS */
  readonly lookupTimeoutMs?: number
  /** What strangers need in order to write to us while we are away. */
  readonly letters?: () => Promise<Pick<ProfileFields, 'bundle' | 'mailboxKey'>>
  /** What else of ourselves everybody may know. */
  readonly presentation?: () => Pick<ProfileFields, 'status' | 'picture' | 'revision'>
}

export function directory(components: DirectoryComponents, init: DirectoryInit): Directory {
  return new Directory(components, init)
}
