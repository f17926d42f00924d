/** SHA-256 of the SPKI of a person's signing key, 64 hexadecimal digits. The one name that nobody can fake. */
export type Fingerprint = string

/** Whether somebody is there, as far as they let us know: what is withheld is as absent as what is not known. */
export interface PersonPresence {
  /** They say so on a session that is up, or their presence in a room is fresh. */
  readonly online: boolean
  /** Their program runs, and nobody has touched it for some minutes. */
  readonly away?: true
  /** When they were there last, ms since 1970 by our clock, to the minute; absent while they are there. */
  readonly lastSeen?: number
}

/** Somebody's picture, small and square. */
export interface Picture {
  readonly type: 'image/webp' | 'image/jpeg'
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Somebody we have met, looked up, or seen in a room. */
export interface Person extends PersonPresence {
  readonly fingerprint: Fingerprint
  /** The name they chose for themselves; anybody may choose the same. */
  readonly name: string | undefined
  /** libp2p peer id of the device we know them by. */
  readonly peerId: string
  /** Where they said they are, or were met: what is known newest. With or without the peer id at the end. */
  readonly multiaddrs: readonly string[]
  /** True once a session with them was established: from then on, name and fingerprint belong together. */
  readonly known: boolean
  /** True for a fingerprint that the user compared with them in person. */
  readonly verified: boolean
  /** What a contact has to say, one line of at most 140 characters. */
  readonly status?: string
  /** SHA-256 of a contact's picture, which `Chat.picture` has: another one is another picture. */
  readonly picture?: string
  /** Of a stranger: a contact whose name looks the same to a reader, and who is somebody else. */
  readonly resembles?: Fingerprint
  /** Of a stranger: a word of their name is made of letters of several alphabets that look alike. */
  readonly mixedScripts?: true
}

export interface SelfInfo {
  readonly fingerprint: Fingerprint
  readonly peerId: string
  readonly name: string | undefined
  readonly status?: string | undefined
  /** SHA-256 of our picture. */
  readonly picture?: string | undefined
  /** The user is away: contacts are told, if the user lets them. */
  readonly away?: boolean
  readonly multiaddrs: readonly string[]
  /** Peers we hold a libp2p connection to right now. */
  readonly connections: number
}

/** Whom `lookup` found; several when a name is shared. */
export interface LookupResult {
  readonly query: string
  readonly kind: 'link' | 'name' | 'peer-id' | 'multiaddr' | 'fingerprint'
  /** Known contacts first. */
  readonly people: readonly Person[]
}
