import type { CryptoPort } from '../crypto/port.ts'
import type { RatchetProtocol } from '../crypto/session-protocol.ts'
import type { BurnKeys } from './burn/burn-keys.ts'
import type { Network } from './connectivity/network.ts'
import type { Identity } from './identity/identity.ts'
import type { LettersInit } from './letters/index.ts'
import type { StrangerPolicy } from './requests/strangers.ts'
import type { RecordStore } from './store/record-store.ts'
import type { GossipSub } from '@libp2p/gossipsub'
import type { ComponentLogger, Libp2p } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'

/** What the chat core stands on; a composition provides it. */
export interface ChatComponents {
  readonly libp2p: Libp2p
  readonly dht: KadDHT
  readonly pubsub: GossipSub
  readonly logger: ComponentLogger
  readonly crypto: CryptoPort
  readonly sessions: RatchetProtocol
  readonly records: RecordStore
  readonly burnKeys: BurnKeys
  readonly network: Network
}

export interface ChatInit {
  readonly identity: Identity
  /** Whether to carry rooms for others: nodes do, browsers do not. */
  readonly carryRooms: boolean
  /** What becomes of a key that is seen for the first time. @default 'request' */
  readonly strangers?: StrangerPolicy
  /** Whether to keep letters for others: nodes do, browsers do not. @default false */
  readonly keepLetters?: boolean
  /** False: the lobby is joined when the user joins it. @default true */
  readonly joinLobby?: boolean
  /** False: no profile and no name of ours in the directory. @default true */
  readonly publish?: boolean
  /** How long letters wait for better ways; for tests. */
  readonly letterTiming?: LetterTiming
  readonly now?: () => number
}

export type LetterTiming = Pick<LettersInit, 'delayMs' | 'collectIntervalMs' | 'acknowledgeDelayMs'>
