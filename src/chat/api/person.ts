/** SHA-256 of the SPKI of a person's signing key, 64 hexadecimal digits. The one name that nobody can fake. */
export type Fingerprint = string

/** Somebody we have met, looked up, or seen in a room. */
export interface Person {
  readonly fingerprint: Fingerprint
  /** The name they chose for themselves; anybody may choose the same. */
  readonly name: string | undefined
  /** libp2p peer id of the device we know them by. */
  readonly peerId: string
  readonly multiaddrs: readonly string[]
  /** True while a session with them is up, or their presence in a room is fresh. */
  readonly online: boolean
  /** True once a session with them was established: from then on, name and fingerprint belong together. */
  readonly known: boolean
  /** True for a fingerprint that the user compared with them in person. */
  readonly verified: boolean
}

export interface SelfInfo {
  readonly fingerprint: Fingerprint
  readonly peerId: string
  readonly name: string | undefined
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
