/**
 * `/sotto/chat/1.0.0`: private talk between two peers. docs/specs/chat.md
 *
 * Opens and accepts streams, shakes hands, and hands over channels. It does not know what a message means, who is
 * a contact, or when to connect: that is the conversations' business.
 */
import { DirectChat } from './direct-chat.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { SessionProtocol } from '../../crypto/session.ts'
import type { Identity } from '../identity/identity.ts'
import type { VerifiedCertificate } from '../identity/certificate.ts'
import type { Channel } from './channel.ts'
import type { ComponentLogger, Connection, Libp2p, PeerId } from '@libp2p/interface'

export type { DirectChat } from './direct-chat.ts'

export interface DirectChatComponents {
  readonly libp2p: Pick<Libp2p, 'peerId' | 'handle' | 'unhandle' | 'dial'>
  readonly logger: ComponentLogger
  readonly crypto: CryptoPort
  readonly sessions: SessionProtocol
}

export interface DirectChatInit {
  readonly identity: Identity
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number
  /** Takes every channel that a peer opened to us. */
  readonly onChannel: (opened: OpenedChannel) => void
  /** Who wants to shake hands with us: strangers leave places for those we know. Default: everybody is known. */
  readonly welcome?: (peer: PeerId) => Welcome
  /** Hears of everything a peer sent that was not taken. */
  readonly onRefusal: (error: Error, peer: PeerId) => void
}

/** A peer that is known, one that is not, and one that has come too often. */
export type Welcome = 'known' | 'stranger' | 'too-often'

export interface OpenedChannel {
  readonly channel: Channel
  readonly remote: VerifiedCertificate
  readonly connection: Connection
  readonly direction: 'inbound' | 'outbound'
}

export function directChat(components: DirectChatComponents, init: DirectChatInit): DirectChat {
  return new DirectChat(components, init)
}
