/**
 * The session protocol of docs/specs/session.md: a hybrid handshake, then a double ratchet. Knows nothing of streams,
 * frames and messages; `now` is its only clock.
 */
import type { Awaitable, CryptoPort } from './port.ts'
import type { PublishedBundle } from './handshake/bundle.ts'
import { initiateOnline, respondOnline } from './handshake/online.ts'
import { acceptInitial, initiateWithBundle } from './handshake/offline.ts'
import type { PrekeyStore } from './handshake/prekey-store.ts'
import { ratchetLimits, type RatchetLimits } from './ratchet/limits.ts'
import { RatchetSession, restoreSession, type SessionTools } from './ratchet-session.ts'
import type {
  AcceptedSession,
  CertificateVerifier,
  HandshakeContext,
  LocalIdentity,
  PendingSession,
  SessionProtocol,
} from './session.ts'

export interface RatchetOptions {
  /** Milliseconds since 1970; decides when a chain is too old. */
  readonly now: () => number
  /** Lower than the protocol's, never higher. */
  readonly limits?: Partial<RatchetLimits>
}

export interface PendingRatchetSession extends PendingSession {
  finish(response: Uint8Array, nowMs: number): Promise<RatchetSession>
}

export interface AcceptedRatchetSession extends AcceptedSession {
  readonly session: RatchetSession
}

export interface RatchetProtocol extends SessionProtocol {
  initiate(...args: Parameters<SessionProtocol['initiate']>): Promise<PendingRatchetSession>
  respond(...args: Parameters<SessionProtocol['respond']>): Promise<AcceptedRatchetSession>

  /**
   * Starts a session with somebody who is offline; it seals at once, and `message` goes in front of the first blocks.
   * @throws HandshakeError for a bundle malformed or expired
   * @throws InvalidSignatureError
   */
  initiateWithBundle(
    self: LocalIdentity,
    verifyRemote: CertificateVerifier,
    context: HandshakeContext,
    bundle: PublishedBundle,
    nowMs: number,
  ): Promise<{ readonly message: Uint8Array; readonly session: RatchetSession }>

  /**
   * The other end of `initiateWithBundle`; uses the one-time prekey up. Store the prekeys afterwards.
   * @throws PrekeyUnavailableError | ReplayedFrameError | HandshakeError | InvalidSignatureError
   */
  acceptInitial(
    self: LocalIdentity,
    verifyRemote: CertificateVerifier,
    context: HandshakeContext,
    prekeys: PrekeyStore,
    message: Uint8Array,
    nowMs: number,
  ): Promise<RatchetSession>

  /** See `restoreSession`. @throws InvalidStateError | RolledBackStateError */
  restore(
    verifyRemote: CertificateVerifier,
    stored: Uint8Array,
    minGeneration: number,
  ): Awaitable<RatchetSession>
}

/** @throws RangeError for limits that the protocol does not allow */
export function ratchetSessions(crypto: CryptoPort, options: RatchetOptions): RatchetProtocol {
  const tools: SessionTools = { crypto, now: options.now, limits: ratchetLimits(options.limits) }
  return {
    async initiate(self, verifyRemote, context, nowMs) {
      const pending = await initiateOnline({ crypto, self, verifyRemote, context }, nowMs)
      return {
        message: pending.message,
        finish: async (response, responseNowMs) =>
          new RatchetSession(tools, await pending.finish(response, responseNowMs)),
        abandon: () => pending.abandon(),
      }
    },

    async respond(self, verifyRemote, context, message, nowMs) {
      const by = { crypto, self, verifyRemote, context }
      const { response, ...established } = await respondOnline(by, message, nowMs)
      return { response, session: new RatchetSession(tools, established) }
    },

    async initiateWithBundle(self, verifyRemote, context, bundle, nowMs) {
      const by = { crypto, self, verifyRemote, context }
      const { message, ...established } = await initiateWithBundle(by, bundle, nowMs)
      return { message, session: new RatchetSession(tools, established) }
    },

    async acceptInitial(self, verifyRemote, context, prekeys, message, nowMs) {
      const by = { crypto, self, verifyRemote, context }
      return new RatchetSession(tools, await acceptInitial(by, prekeys, message, nowMs))
    },

    restore(verifyRemote, stored, minGeneration) {
      return restoreSession(tools, verifyRemote, stored, minGeneration)
    },
  }
}
