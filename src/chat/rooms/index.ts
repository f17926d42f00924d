/**
 * Public rooms over gossipsub: a topic a room, every message signed by its author and checked before it is shown
 * or forwarded. docs/specs/chat.md §9
 *
 * What is said in a room is readable by everybody who joins it. This module does not know private talk.
 */
import { Rooms } from './rooms.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Room, RoomMember, RoomMessage } from '../api.ts'
import type { Identity } from '../identity/identity.ts'
import type { ComponentLogger, PeerId } from '@libp2p/interface'
import type { GossipSub } from '@libp2p/gossipsub'

export type { Rooms } from './rooms.ts'

export interface RoomsComponents {
  readonly pubsub: Pick<
    GossipSub,
    | 'publish'
    | 'subscribe'
    | 'unsubscribe'
    | 'getSubscribers'
    | 'getTopics'
    | 'topicValidators'
    | 'addEventListener'
    | 'removeEventListener'
  >
  readonly logger: ComponentLogger
  readonly crypto: CryptoPort
}

export interface RoomsInit {
  readonly identity: Identity
  readonly peerId: PeerId
  readonly now?: () => number
  /** Carry messages of rooms that connected peers are in, without being in them: a node does, a browser does not. */
  readonly carry: boolean
  /** @default true */
  readonly joinLobby?: boolean
  /** Whether others may know that we are in a room before we say something. @default true */
  readonly isShown?: () => boolean
  readonly onRoom: (room: Room) => void
  readonly onMessage: (message: RoomMessage) => void
  /** Somebody was heard of in a room, or left it. */
  readonly onMember: (member: RoomMember, present: boolean) => void
  readonly onRefusal: (error: Error, peer: PeerId) => void
}

export function rooms(components: RoomsComponents, init: RoomsInit): Rooms {
  return new Rooms(components, init)
}
