/** From what a user typed, or from what we know of a person, to a connection. */
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { isFingerprint } from '../../crypto/fingerprint.ts'
import { looksLikeLink } from '../invitations/index.ts'
import { ConnectError, type ConnectFailure } from '../errors.ts'
import type { LookupResult } from '../api.ts'
import type { PeerId } from '@libp2p/interface'

export type Query =
  | { readonly kind: 'link'; readonly text: string }
  | { readonly kind: 'fingerprint'; readonly fingerprint: string }
  | { readonly kind: 'multiaddr'; readonly multiaddr: Multiaddr }
  | { readonly kind: 'peer-id'; readonly peerId: PeerId }
  | { readonly kind: 'name'; readonly name: string }

/** What kind of thing a query is: the five forms cannot be mistaken for one another, a name is what is left. */
export function parseQuery(text: string): Query & { kind: LookupResult['kind'] } {
  const query = text.trim()
  if (looksLikeLink(query)) return { kind: 'link', text: query }
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

/** What a failed attempt means to a user; of several ways that failed, the one that says most. */
export function toConnectError(err: unknown): ConnectError {
  if (err instanceof ConnectError) return err
  const reason = reasonOf(err)
  return new ConnectError(reason, TEXTS[reason], { cause: err })
}

function reasonOf(err: unknown): ConnectFailure {
  if (err instanceof AggregateError) {
    const reasons = err.errors.map(reasonOf)
    const telling = TELLING.find((reason) => reasons.includes(reason))
    return (
      telling ??
      (reasons.every((reason) => reason === 'no-address') ? 'no-address' : 'peer-offline')
    )
  }
  return REASONS[err instanceof Error ? err.name : ''] ?? 'peer-offline'
}

/** Somebody answered, and this was wrong. */
const TELLING: readonly ConnectFailure[] = ['identity-changed', 'handshake-failed', 'not-sotto']

const REASONS: Record<string, ConnectFailure> = {
  NoValidAddressesError: 'no-address',
  NotFoundError: 'no-address',
  PersonNotFoundError: 'no-address',
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
