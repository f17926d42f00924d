import type { CryptoPort } from '../../crypto/port.ts'
import type { ChatMessage, Conversation, Preferences } from '../api.ts'
import type { BurnKeys } from '../burn/burn-keys.ts'
import type { Approaches } from '../connectivity/approaches.ts'
import type { Connector } from '../connectivity/connector.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Identity } from '../identity/identity.ts'
import type { Leads } from '../invitations/index.ts'
import type { Letters } from '../letters/index.ts'
import type { Approach } from '../people/approach.ts'
import type { People } from '../people/people.ts'
import type { StrangerPolicy } from '../requests/strangers.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { VouchNews } from '../trust/trust.ts'
import type { VouchContent } from '../trust/vouch-content.ts'
import type { PresenceSource } from './presence-hooks.ts'
import type { Multiaddr } from '@multiformats/multiaddr'

/** What private conversations need of the rest of the program, and what they tell it. */
export interface ConversationsInit {
  readonly crypto: CryptoPort
  readonly identity: Identity
  readonly ownPeerId: string
  readonly people: People
  readonly records: RecordStore
  readonly burnKeys: BurnKeys
  /** What the user wants towards everybody. */
  readonly preferences: () => Preferences
  readonly now: () => number
  readonly ownName: () => string | undefined
  /** What somebody says about a third person; resolves with whom, if that is news. */
  readonly takeVouch: (from: string, content: VouchContent) => Promise<VouchNews | undefined>
  readonly ownAddresses: () => Multiaddr[]
  /** The ways to people. */
  readonly connector: Pick<Connector, 'upgrade' | 'explain' | 'suspect'>
  readonly approach: Pick<Approach, 'open'>
  /** What was tried last for those who are not connected. */
  readonly approaches: Pick<Approaches, 'of' | 'posted' | 'end'>
  /** Whom the user turned to and never met. */
  readonly leads: Pick<Leads, 'all' | 'isSought' | 'seek' | 'forget'>
  readonly onChange: (conversation: Conversation) => void
  readonly onMessage: (message: ChatMessage) => void
  readonly onMessageChange: (message: ChatMessage) => void
  readonly onMessageGone: (id: string, conversation: string) => void
  /** A request is not there any more. */
  readonly onGone: (conversation: string) => void
  readonly strangers: StrangerPolicy
  /** What goes by letter while somebody is away. */
  readonly letters?: Pick<Letters, 'notice' | 'card' | 'heard'>
  readonly presence: PresenceSource
  /** The last channel to somebody is gone. */
  readonly onLost: (fingerprint: string) => void
  readonly onRefusal: (error: Error, opened: OpenedChannel) => void
}
