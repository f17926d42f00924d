import { isPrivate } from '@libp2p/utils'
import { isCircuitAddress } from './path.ts'
import type { ContactFailure, ContactWay } from '../api.ts'
import type { Multiaddr } from '@multiformats/multiaddr'

/** Which of the ways that a user is told of an address belongs to. */
export function wayOf(address: Multiaddr): ContactWay {
  if (isCircuitAddress(address)) return 'relays'
  return isPrivate(address) ? 'lan' : 'addresses'
}

/** What an attempt that failed says to the user. */
export function failureOf(err: unknown): ContactFailure {
  if (err instanceof AggregateError) {
    const failures = err.errors.map(failureOf)
    return failures.find((failure) => failure !== 'no-answer') ?? 'no-answer'
  }
  return FAILURES[err instanceof Error ? err.name : ''] ?? 'no-answer'
}

const FAILURES: Record<string, ContactFailure> = {
  OtherPersonError: 'other-answered',
  UnsupportedProtocolError: 'not-sotto',
  IdentityError: 'handshake-failed',
  HandshakeError: 'handshake-failed',
  InvalidSignatureError: 'handshake-failed',
  DecryptionError: 'handshake-failed',
  FrameSizeError: 'handshake-failed',
  MalformedFrameError: 'handshake-failed',
}
