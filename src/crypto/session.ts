/**
 * What the chat protocol needs from a session, and nothing of how it is done.
 *
 * A session turns plaintext blocks of one fixed size into sealed blocks of one fixed size and back. How the keys
 * come about and how they move on is behind `SessionProtocol`. The first byte of a frame (its type) is bound to
 * the block as associated data, so a heartbeat cannot be passed off as a message.
 */
import type {
  AgreementKeyPair,
  AgreementPublicKey,
  Awaitable,
  SigningKeyPair,
  VerifyingKey,
} from './port.ts'

/** Bytes of a sealed block: one frame less its type byte. */
export const SEALED_BYTES = 1023

/** Who we are in a handshake. */
export interface LocalIdentity {
  readonly signing: SigningKeyPair
  readonly agreement: AgreementKeyPair
  /** The identity certificate, docs/specs/identity.md §3, exactly as it travels. */
  readonly certificate: Uint8Array
}

/** What a verified certificate says of the other side. */
export interface RemoteIdentity {
  readonly verifyingKey: VerifyingKey
  readonly agreementKey: AgreementPublicKey
  readonly certificate: Uint8Array
}

/**
 * Checks a certificate that a peer presented: both signatures, and that it belongs to the connection it came over.
 * @throws IdentityError when it does not hold
 */
export type CertificateVerifier = (certificate: Uint8Array) => Awaitable<RemoteIdentity>

export interface Session {
  /** SHA-256 of the handshake transcript; the same at both ends, different for every session. 32 bytes. */
  readonly id: Uint8Array
  readonly remote: RemoteIdentity
  /** How far the other side's clock is ahead of ours, ms, as both told each other in the handshake. */
  readonly clockSkewMs: number
  /** The exact size of every plaintext block. */
  readonly plaintextBytes: number
  /** @throws SessionClosedError */
  seal(frameType: number, plaintext: Uint8Array): Awaitable<Uint8Array>
  /** Opens blocks in any order, each once. @throws DecryptionError | ReplayedFrameError | SessionClosedError */
  open(frameType: number, sealed: Uint8Array): Awaitable<Uint8Array>
  /** Overwrites keys that have outlived their time; for a timer, since an idle session seals and opens nothing. */
  prune(): Awaitable<void>
  /** Overwrites every key. Closing twice is harmless. */
  close(): void
}

export interface PendingSession {
  /** What goes to the other side as handshake (0x01) frames. */
  readonly message: Uint8Array
  /** @throws HandshakeError | IdentityError | InvalidSignatureError */
  finish(response: Uint8Array, nowMs: number): Awaitable<Session>
  /** Overwrites the ephemeral keys of a handshake that is not going to finish. */
  abandon(): void
}

export interface AcceptedSession {
  /** What goes back as response (0x02) frames. */
  readonly response: Uint8Array
  readonly session: Session
}

/** The two peers of the connection that carries the handshake, as libp2p authenticated them (multihash bytes). */
export interface HandshakeContext {
  readonly initiatorPeer: Uint8Array
  readonly responderPeer: Uint8Array
}

export interface SessionProtocol {
  initiate(
    self: LocalIdentity,
    verifyRemote: CertificateVerifier,
    context: HandshakeContext,
    nowMs: number,
  ): Awaitable<PendingSession>
  /** @throws HandshakeError | IdentityError | InvalidSignatureError */
  respond(
    self: LocalIdentity,
    verifyRemote: CertificateVerifier,
    context: HandshakeContext,
    message: Uint8Array,
    nowMs: number,
  ): Awaitable<AcceptedSession>
}
