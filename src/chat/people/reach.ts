/** From what a user typed, or from what we know of a person, to a connection. */
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { isFingerprint } from '../../crypto/fingerprint.ts'
import { ConnectError, type ConnectFailure } from '../errors.ts'
import type { LookupResult, Person } from '../api.ts'
import type { Libp2p, PeerId } from '@libp2p/interface'

export type Query =
  | { readonly kind: 'fingerprint'; readonly fingerprint: string }
  | { readonly kind: 'multiaddr'; readonly multiaddr: Multiaddr }
  | { readonly kind: 'peer-id'; readonly peerId: PeerId }
  | { readonly kind: 'name'; readonly name: string }

/** What kind of thing a query is: the four forms cannot be mistaken for one another, a name is what is left. */
export function parseQuery(text: string): Query & { kind: LookupResult['kind'] } {
  const query = text.trim()
  const digits = query.replace(/\s+/gu, '').toLowerCase()
  if (isFingerprint(digits)) return { kind: 'fingerprint', fingerprint: digits }
  if (query.startsWith('/')) {
    const address = tryParse(() => multiaddr(query))
    if (address !== undefined) return { kind: 'multiaddr', multiaddr: address }
  }
  const peerId = tryParse(() => peerIdFromString(query))
  if (peerId !== undefined) return { kind: 'peer-id', peerId }
  return { kind: 'name', name: query }
}

/** What to dial for a person: their peer id, with the addresses we know told to libp2p first. */
export async function dialTarget(
  libp2p: Pick<Libp2p, 'peerStore'>,
  person: Person,
): Promise<PeerId> {
  const peerId = peerIdFromString(person.peerId)
  const addresses = person.multiaddrs
    .map((address) => tryParse(() => multiaddr(address)))
    .filter((address) => address !== undefined)
  if (addresses.length > 0) await libp2p.peerStore.merge(peerId, { multiaddrs: addresses })
  return peerId
}

/** What a failed attempt means to a user. */
export function toConnectError(err: unknown): ConnectError {
  if (err instanceof ConnectError) return err
  const name = err instanceof Error ? err.name : ''
  const reason = REASONS[name] ?? 'peer-offline'
  return new ConnectError(reason, TEXTS[reason], { cause: err })
}

const REASONS: Record<string, ConnectFailure> = {
  NoValidAddressesError: 'no-address',
  NotFoundError: 'no-address',
  UnsupportedProtocolError: 'not-sotto',
  IdentityError: 'handshake-failed',
  HandshakeError: 'handshake-failed',
  InvalidSignatureError: 'handshake-failed',
  DecryptionError: 'handshake-failed',
  FrameSizeError: 'handshake-failed',
  MalformedFrameError: 'handshake-failed',
  UnexpectedFrameError: 'handshake-failed',
  UnexpectedCloseError: 'handshake-failed',
}

const TEXTS: Record<ConnectFailure, string> = {
  'peer-offline': 'they could not be reached',
  'no-address': 'no address of theirs is known',
  'identity-changed': 'somebody else answers at their address',
  'handshake-failed': 'they could not prove who they are',
  'not-sotto': 'that peer does not speak Sotto',
}

function tryParse<Value>(parse: () => Value): Value | undefined {
  try {
    return parse()
  } catch {
    return undefined
  }
}
