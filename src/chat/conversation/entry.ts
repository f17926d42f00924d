import type { Multiaddr } from '@multiformats/multiaddr'
import type { ConversationFlow } from './conversation.ts'
import type { History } from './history.ts'
import type { PeerLink } from './peer-link.ts'
import type { Standing } from './standing.ts'

/** One private conversation with everything that belongs to it. */
export interface Entry {
  readonly fingerprint: string
  readonly history: History
  readonly flow: ConversationFlow
  readonly link: PeerLink
  readonly standing: Standing
  /** Where they said they are, in this run of the program. */
  told: readonly Multiaddr[]
  /** The user opened it: it is listed, whether or not anything was said. */
  isOpened: boolean
}
