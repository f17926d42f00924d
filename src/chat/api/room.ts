import type { Fingerprint } from './person.ts'

export interface RoomMessage {
  readonly id: string
  readonly room: string
  readonly author: Fingerprint
  readonly authorName: string | undefined
  readonly outgoing: boolean
  readonly text: string
  readonly timestamp: number
}

export interface Room {
  /** Normalised name; the lobby's is `lobby`. */
  readonly name: string
  readonly joined: boolean
  /** Who has been heard of in it lately, ourselves included while joined. */
  readonly members: readonly RoomMember[]
  readonly unread: number
}

export interface RoomMember {
  readonly fingerprint: Fingerprint
  readonly peerId: string
  readonly name: string | undefined
}
