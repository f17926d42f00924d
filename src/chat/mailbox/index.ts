/**
 * `/sotto/mailbox/1.0.0`: letters that wait for somebody who is away, on nodes of strangers. docs/specs/mailbox.md
 *
 * Keeps letters for others, lays ours into their mailboxes and collects our own. It does not know what a letter says
 * or who wrote it: sealing and opening is the letters' business.
 */
import { Mailboxes } from './mailboxes.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { Quotas } from './shelf.ts'
import type { ComponentLogger, Libp2p, PeerId } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'

export type { MailboxContact } from './box.ts'
export type { CollectedLetter } from './collection.ts'
export type { Mailboxes } from './mailboxes.ts'

export interface MailboxComponents {
  readonly libp2p: Pick<
    Libp2p,
    | 'peerId'
    | 'handle'
    | 'unhandle'
    | 'dialProtocol'
    | 'getPeers'
    | 'peerStore'
    | 'addEventListener'
    | 'removeEventListener'
  >
  readonly dht: Pick<KadDHT, 'getClosestPeers'> & {
    /** There, though not in the interface. */
    readonly routingTable?: RoutingTable
  }
  readonly logger: ComponentLogger
  readonly crypto: CryptoPort
  readonly records: RecordStore
}

export interface RoutingTable {
  readonly size: number
  /** The nearest to a place in the key space that the table knows, nearest first. */
  closestPeers(kadId: Uint8Array, options?: { readonly count?: number }): PeerId[]
}

export interface MailboxInit {
  /** Whether to keep letters for others: nodes do, browsers do not. */
  readonly serve: boolean
  readonly now?: () => number
  /** @default DEFAULT_QUOTAS */
  readonly quotas?: Quotas
  readonly repairIntervalMs?: number
  /** Hears of everything a peer sent that was not taken. */
  readonly onRefusal: (error: Error, peer: PeerId) => void
}

export function mailboxes(components: MailboxComponents, init: MailboxInit): Mailboxes {
  return new Mailboxes(components, init)
}
