/** What a connection's address says of the way it takes. */
import type { PathTransport } from '../api.ts'
import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

export interface Path {
  readonly path: 'direct' | 'relayed'
  /** What carries the frames; of a circuit, what leads to the relay. */
  readonly transport: PathTransport
  /** Both sides sent first, through their NATs, after a relay had introduced them. */
  readonly holePunched: boolean
}

/** Higher is better. */
export const Rank = { relayed: 0, holePunched: 1, direct: 2 } as const

export function pathOf(connection: Pick<Connection, 'remoteAddr'>): Path {
  const names = componentNames(connection.remoteAddr)
  const isWebRtc = names.includes('webrtc')
  // a WebRTC address names the relay that introduced the two; the frames no longer pass it
  const isRelayed = names.includes('p2p-circuit') && !isWebRtc
  return {
    path: isRelayed ? 'relayed' : 'direct',
    transport: transportOf(names),
    holePunched: isWebRtc,
  }
}

export function rankOf(connection: Pick<Connection, 'remoteAddr'>): number {
  const { path, holePunched } = pathOf(connection)
  if (path === 'relayed') return Rank.relayed
  return holePunched ? Rank.holePunched : Rank.direct
}

/** Whether dialling it alone makes a path without a relay; WebRTC needs one to begin. */
export function isDirectAddress(address: Multiaddr): boolean {
  return !componentNames(address).includes('p2p-circuit')
}

/** Whether it leads through a relay and stays there. */
export function isCircuitAddress(address: Multiaddr): boolean {
  const names = componentNames(address)
  return names.includes('p2p-circuit') && !names.includes('webrtc')
}

function transportOf(names: readonly string[]): PathTransport {
  if (names.includes('webrtc') || names.includes('webrtc-direct')) return 'webrtc'
  if (names.includes('webtransport')) return 'webtransport'
  if (names.includes('wss') || (names.includes('tls') && names.includes('ws'))) return 'wss'
  if (names.includes('ws')) return 'ws'
  if (names.includes('quic-v1')) return 'quic'
  return names.includes('tcp') ? 'tcp' : 'other'
}

function componentNames(address: Multiaddr): string[] {
  return address.getComponents().map(({ name }) => name)
}
