import { equalBytes, utf8 } from '../../../src/crypto/bytes.ts'
import type { CryptoPort } from '../../../src/crypto/port.ts'
import type { RatchetLimits } from '../../../src/crypto/ratchet/limits.ts'
import type { RatchetSession } from '../../../src/crypto/ratchet-session.ts'
import { ratchetSessions, type RatchetProtocol } from '../../../src/crypto/session-protocol.ts'
import type { HandshakeContext, Session } from '../../../src/crypto/session.ts'
import { makePerson, type TestPerson, verifierOf } from './people.ts'

export const START = 1_700_000_000_000

/** A clock that stands still until a test moves it. */
export class TestClock {
  ms = START
  readonly now = (): number => this.ms
}

export interface World {
  readonly crypto: CryptoPort
  readonly clock: TestClock
  readonly protocol: RatchetProtocol
  readonly alice: TestPerson
  readonly bob: TestPerson
  readonly context: HandshakeContext
}

export async function makeWorld(
  crypto: CryptoPort,
  limits: Partial<RatchetLimits> = {},
): Promise<World> {
  const clock = new TestClock()
  const alice = await makePerson(crypto, 'alice')
  const bob = await makePerson(crypto, 'bob')
  const protocol = ratchetSessions(crypto, { now: clock.now, limits })
  const context = { initiatorPeer: alice.peer, responderPeer: bob.peer }
  return { crypto, clock, protocol, alice, bob, context }
}

export async function connect(world: World): Promise<{ a: RatchetSession; b: RatchetSession }> {
  const { crypto, protocol, alice, bob, context, clock } = world
  const pending = await protocol.initiate(
    alice.identity,
    verifierOf(crypto, bob),
    context,
    clock.ms,
  )
  const { response, session } = await protocol.respond(
    bob.identity,
    verifierOf(crypto, alice),
    context,
    pending.message,
    clock.ms,
  )
  return { a: await pending.finish(response, clock.ms), b: session }
}

export const FRAME_TYPE = 3

export function block(session: Session, words: string): Uint8Array {
  const out = new Uint8Array(session.plaintextBytes)
  out.set(utf8(words))
  return out
}

export function text(plaintext: Uint8Array): string {
  return new TextDecoder().decode(plaintext.subarray(0, plaintext.indexOf(0)))
}

export function say(session: Session, words: string): Promise<Uint8Array> {
  return Promise.resolve(session.seal(FRAME_TYPE, block(session, words)))
}

export async function hear(session: Session, sealed: Uint8Array): Promise<string> {
  return text(await session.open(FRAME_TYPE, sealed))
}

/** The session as it would come back from storage now, and the original left as it is. */
export async function copyOf(world: World, session: RatchetSession): Promise<RatchetSession> {
  const { crypto, protocol, alice, bob } = world
  const isAlice = equalBytes(session.remote.certificate, alice.identity.certificate)
  const verify = verifierOf(crypto, isAlice ? alice : bob)
  return protocol.restore(verify, await session.exportState(), 0)
}
