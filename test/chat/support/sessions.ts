import { ratchetSessions } from '../../../src/crypto/session-protocol.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { verifyCertificate } from '../../../src/chat/identity/certificate.ts'
import { person } from './people.ts'
import type { Session } from '../../../src/crypto/session.ts'

/** Two ends of one real session, between alice and bob, whose clocks may disagree. */
export async function sessionPair(nowMs: number, bobNowMs = nowMs): Promise<[Session, Session]> {
  const [alice, bob] = await Promise.all([person('alice'), person('bob')])
  const protocol = ratchetSessions(nodeCrypto, { now: Date.now })
  const context = {
    initiatorPeer: alice.peerId.toMultihash().bytes,
    responderPeer: bob.peerId.toMultihash().bytes,
  }
  const verify = (certificate: Uint8Array) => verifyCertificate(nodeCrypto, certificate)
  const pending = await protocol.initiate(alice.identity, verify, context, nowMs)
  const { response, session } = await protocol.respond(
    bob.identity,
    verify,
    context,
    pending.message,
    bobNowMs,
  )
  return [await pending.finish(response, nowMs), session]
}
