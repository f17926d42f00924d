/** Which of two handshakes that began at once stands. docs/specs/session.md §4 */
import { toHex } from '../bytes.ts'
import { ConcurrentHandshakeError } from '../errors.ts'
import type { HandshakeContext, PendingSession, Session, SessionProtocol } from '../session.ts'

/** Bytewise, shorter first when one begins the other: below zero when `a` is smaller. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/**
 * True when the handshake that the initiator of `context` began stands against one that the responder began at the
 * same time. Both sides compute it from the two peer ids, so both keep the same one.
 */
export function initiatorWins(context: HandshakeContext): boolean {
  return compareBytes(context.initiatorPeer, context.responderPeer) < 0
}

/**
 * Of two sessions whose initial messages crossed while both sides were away, the one that both go on to seal with: the
 * smaller id. The other stays open for what is under way in it. docs/specs/session.md §5
 */
export function preferredSession<S extends Pick<Session, 'id'>>(one: S, other: S): S {
  return compareBytes(one.id, other.id) <= 0 ? one : other
}

/**
 * `protocol`, with the rule applied: while a handshake of ours with a peer is under way, theirs is refused if ours
 * stands, and ours is given up if theirs does. Either way `ConcurrentHandshakeError` names it. `finish` or `abandon`
 * must be called for every handshake begun.
 */
export function withTieBreak(protocol: SessionProtocol): SessionProtocol {
  const underWay = new Map<string, OwnHandshake>()
  return {
    async initiate(self, verifyRemote, context, nowMs) {
      const pending = await protocol.initiate(self, verifyRemote, context, nowMs)
      const key = pairKey(context.initiatorPeer, context.responderPeer)
      const own: OwnHandshake = { pending, superseded: false }
      underWay.set(key, own)
      const done = () => {
        if (underWay.get(key) === own) underWay.delete(key)
      }
      return {
        message: pending.message,
        async finish(response, responseNowMs) {
          done()
          if (own.superseded) throw superseded()
          return pending.finish(response, responseNowMs)
        },
        abandon() {
          done()
          pending.abandon()
        },
      }
    },

    async respond(self, verifyRemote, context, message, nowMs) {
      const key = pairKey(context.responderPeer, context.initiatorPeer)
      if (underWay.has(key) && !initiatorWins(context)) throw superseded()
      const accepted = await protocol.respond(self, verifyRemote, context, message, nowMs)
      const own = underWay.get(key)
      if (own !== undefined) {
        own.superseded = true
        own.pending.abandon()
        underWay.delete(key)
      }
      return accepted
    },
  }
}

interface OwnHandshake {
  readonly pending: PendingSession
  superseded: boolean
}

function pairKey(own: Uint8Array, other: Uint8Array): string {
  return `${toHex(own)}:${toHex(other)}`
}

function superseded(): ConcurrentHandshakeError {
  return new ConcurrentHandshakeError('the handshake that the other side began stands')
}
