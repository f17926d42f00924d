/** How the session to somebody stands. */
export type Link =
  | { readonly state: 'offline'; readonly reason?: string }
  | { readonly state: 'connecting' }
  | SecureLink

export interface SecureLink {
  readonly state: 'secure'
  /** The path the frames take right now. */
  readonly path: 'direct' | 'relayed'
  /** Milliseconds since 1970. */
  readonly since: number
  /** The remote multiaddr of the connection. */
  readonly multiaddr: string
  /** What carries the frames; of a relayed path, what leads to the relay. */
  readonly transport?: PathTransport
  /** Both sides opened the way through their NATs, introduced by a relay. */
  readonly holePunched?: boolean
  /** Smoothed; absent until it was measured. */
  readonly rttMs?: number
  /** Frames of this program run, over all paths to this person. */
  readonly bytesSent?: number
  readonly bytesReceived?: number
  /** Where the path could be better: whether something is being done about it, and what stood in the way so far. */
  readonly upgrade?: UpgradeState
}

export type PathTransport = 'tcp' | 'ws' | 'wss' | 'webrtc' | 'webtransport' | 'quic' | 'other'

export interface UpgradeState {
  readonly state: 'trying' | 'waiting'
  /** When the next attempt begins, milliseconds since 1970. */
  readonly nextAt?: number
  readonly reason?: UpgradeFailure
}

/**
 * `no-address`: they told no address that we could dial. `unreachable`: nobody answered at their addresses, and one side
 * has no WebRTC. `hole-punch-failed`: neither their addresses nor WebRTC got through.
 */
export type UpgradeFailure = 'no-address' | 'unreachable' | 'hole-punch-failed'
