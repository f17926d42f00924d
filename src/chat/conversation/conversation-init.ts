import type { CryptoPort } from '../../crypto/port.ts'
import type { ChatMessage, Preferences } from '../api.ts'
import type { BurnTimers } from '../burn/burn-timers.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Identity } from '../identity/identity.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { VouchNews } from '../trust/trust.ts'
import type { VouchContent } from '../trust/vouch-content.ts'
import type { ChannelCounter } from './channel-counter.ts'
import type { History } from './history.ts'
import type { LetterHooks } from './letter-hooks.ts'
import type { PresenceHooks } from './presence-hooks.ts'
import type { ContentGate } from './receiver.ts'
import type { Multiaddr } from '@multiformats/multiaddr'

/** What one private conversation is made with, and what it tells whoever made it. */
export interface ConversationInit {
  readonly crypto: CryptoPort
  readonly identity: Identity
  /** The other person. */
  readonly fingerprint: string
  readonly history: History
  readonly counter: ChannelCounter
  readonly burnTimers: BurnTimers
  readonly records: RecordStore
  /** What the user wants towards everybody. */
  readonly preferences: () => Preferences
  readonly now: () => number
  /** Milliseconds that only pass, whoever sets the clock. @default performance.now */
  readonly elapsed?: () => number
  /** Messages of the other side turned out to be missing, or not to be any more. */
  readonly onMissing: () => void
  /** How we call ourselves, told to the other side when a channel comes up. */
  readonly ownName: () => string | undefined
  /** What the other side says about a third person; resolves with whom, if that is news. */
  readonly takeVouch: (content: VouchContent) => Promise<VouchNews | undefined>
  readonly onMessage: (message: ChatMessage) => void
  readonly onMessageChange: (message: ChatMessage) => void
  /** A message is not here any more. */
  readonly onMessageGone: (id: string) => void
  /** Settings, the draft or who is typing changed. */
  readonly onSideChange: () => void
  /** What is taken of the other side; they hear of us what it lets in of them. */
  readonly gate: ContentGate
  /** What each of a channel's frames waits for before it is opened. */
  readonly pace: () => () => Promise<void>
  readonly onName: (name: string) => void
  readonly onAddresses: (addresses: Multiaddr[], opened: OpenedChannel) => void
  readonly onRefusal: (error: Error, opened: OpenedChannel) => void
  /** What letters need: told that something waits, and the cards that both sides give each other. */
  readonly letters?: LetterHooks
  /** What both sides tell each other of themselves. */
  readonly presence?: PresenceHooks
}
