import { isReachable, type Kind } from './kinds.ts'

export type Transport = 'tcp' | 'ws' | 'webrtc'

/** The path that a conversation's frames take, as the matrix names it. */
export type Path = `direct ${Transport}` | `hole-punched ${Transport}` | 'relayed' | 'none'

/** The way of a secure link as its owner tells it: `multiaddr` is the other end's. */
export function readPath(multiaddr: string, from: Kind, to: Kind): Path {
  const transport = readTransport(multiaddr)
  if (transport === undefined) return 'relayed'
  return isReachable(from) || isReachable(to) ? `direct ${transport}` : `hole-punched ${transport}`
}

export function isDirect(path: Path): boolean {
  return path !== 'relayed' && path !== 'none'
}

/** The peer id of the relay that carries a relayed link. */
export function relayOf(multiaddr: string): string | undefined {
  return /\/p2p\/([^/]+)\/p2p-circuit/u.exec(multiaddr)?.[1]
}

/** A WebRTC address names the relay that brought the two together, but its frames do not pass there. */
function readTransport(multiaddr: string): Transport | undefined {
  if (/\/webrtc(-direct)?(\/|$)/u.test(multiaddr)) return 'webrtc'
  if (multiaddr.includes('/p2p-circuit')) return undefined
  return /\/wss?(\/|$)/u.test(multiaddr) ? 'ws' : 'tcp'
}
