/**
 * Letters: what is said to somebody who is away, sealed for them and laid into mailboxes. docs/specs/mailbox.md §8
 *
 * Decides when a message goes by letter, writes and opens letters, collects our own and acknowledges what they brought.
 * It does not know where letters lie (the mailboxes do) nor what becomes of a message (the conversations do).
 */
import { Letters } from './letters.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { RatchetProtocol } from '../../crypto/session-protocol.ts'
import type { Directory } from '../directory/index.ts'
import type { Identity } from '../identity/identity.ts'
import type { Mailboxes } from '../mailbox/index.ts'
import type { Prekeys } from '../prekeys/prekeys.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { Correspondence } from './correspondence.ts'
import type { ComponentLogger, Libp2p } from '@libp2p/interface'

export { isCard } from './card.ts'
export { PrekeysRefusedError } from './errors.ts'
export type { Correspondence, WaitingContent } from './correspondence.ts'
export type { Letters } from './letters.ts'

export interface LettersComponents {
  readonly libp2p: Pick<Libp2p, 'peerId' | 'getPeers' | 'addEventListener' | 'removeEventListener'>
  readonly logger: ComponentLogger
  readonly crypto: CryptoPort
  readonly sessions: Pick<RatchetProtocol, 'initiateWithBundle' | 'acceptInitial'>
  readonly records: RecordStore
  readonly mailboxes: Pick<Mailboxes, 'contact' | 'deposit' | 'collect'>
  readonly prekeys: Pick<Prekeys, 'bundle' | 'oneTimeFor' | 'use'>
  readonly directory: Pick<Directory, 'findByFingerprint'>
}

export interface LettersInit {
  readonly identity: Identity
  readonly correspondence: Correspondence
  readonly ownName: () => string | undefined
  readonly now: () => number
  /** Whether prekeys that the directory names may be used. @throws PrekeysRefusedError @default they may */
  readonly requirePrekeys?: (fingerprint: string, bundle: Uint8Array) => void
  /** A letter that was not taken; whoever wrote it is not known. */
  readonly onRefusal: (error: Error) => void
  readonly delayMs?: number
  readonly collectIntervalMs?: number
  readonly acknowledgeDelayMs?: number
}

export function letters(components: LettersComponents, init: LettersInit): Letters {
  return new Letters(components, init)
}
