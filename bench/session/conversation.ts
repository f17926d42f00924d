/**
 * Two people in one process who hand each other sealed frames, as chat does and without a network: content, signed
 * envelope, chunks, sealed blocks, and all the way back. The same code in Node and on a page.
 */
import { concatBytes, equalBytes } from '../../src/crypto/bytes.ts'
import { PrekeyStore } from '../../src/crypto/handshake/prekey-store.ts'
import { SPKI_BYTES } from '../../src/crypto/p256-encoding.ts'
import { ratchetSessions } from '../../src/crypto/session-protocol.ts'
import { fingerprintOf } from '../../src/crypto/fingerprint.ts'
import { ChunkKind, readChunks } from '../../src/chat/frame/chunks.ts'
import { FrameType } from '../../src/chat/frame/constants.ts'
import { FragmentAssembler } from '../../src/chat/frame/fragment-assembler.ts'
import { FramePacker } from '../../src/chat/frame/frame-packer.ts'
import { MAX_ENVELOPE_BYTES, openEnvelope, signEnvelope } from '../../src/chat/message/envelope.ts'
import { MESSAGE_ID_BYTES } from '../../src/chat/message/message-id.ts'
import type { CryptoPort } from '../../src/crypto/port.ts'
import type { RatchetLimits } from '../../src/crypto/ratchet/limits.ts'
import type { CertificateVerifier, LocalIdentity, Session } from '../../src/crypto/session.ts'

/** Padding up to the size of a real certificate: two keys, a libp2p key, two signatures and their tags. */
const CERTIFICATE_BYTES = 360

const encoder = new TextEncoder()

interface Person {
  readonly identity: LocalIdentity
  readonly fingerprint: string
  readonly peer: Uint8Array
}

/** One side of a session, with what chat keeps beside it. */
interface Side {
  readonly person: Person
  readonly session: Session
  readonly packer: FramePacker
  readonly assembler: FragmentAssembler
  sequence: number
}

export interface Conversation {
  /** From `content` to the same bytes on the other side; resolves with the number of frames it took. */
  toBob(content: Uint8Array): Promise<number>
  toAlice(content: Uint8Array): Promise<number>
  /** Bob's frame that says he has a message: sealed and opened, and not signed. */
  acknowledge(): Promise<void>
}

async function makePerson(crypto: CryptoPort, name: string): Promise<Person> {
  const signing = await crypto.generateSigningKeyPair()
  const agreement = await crypto.generateAgreementKeyPair()
  const { spki } = signing.publicKey
  const keys = concatBytes(spki, agreement.publicKey.spki)
  const certificate = concatBytes(keys, new Uint8Array(CERTIFICATE_BYTES - keys.length))
  const fingerprint = fingerprintOf(crypto, spki)
  const peer = encoder.encode(`peer of ${name}`)
  return { identity: { signing, agreement, certificate }, fingerprint, peer }
}

/** Reads the keys out of a certificate. That its signatures hold is libp2p's and chat's work, and not measured. */
function verifierOf(crypto: CryptoPort): CertificateVerifier {
  return async (certificate) => ({
    verifyingKey: await crypto.importVerifyingKey(certificate.slice(0, SPKI_BYTES)),
    agreementKey: await crypto.importAgreementPublicKey(
      certificate.slice(SPKI_BYTES, 2 * SPKI_BYTES),
    ),
    certificate,
  })
}

async function shakeHands(
  crypto: CryptoPort,
  alice: Person,
  bob: Person,
  limits: Partial<RatchetLimits> = {},
) {
  const protocol = ratchetSessions(crypto, { now: Date.now, limits })
  const verify = verifierOf(crypto)
  const context = { initiatorPeer: alice.peer, responderPeer: bob.peer }
  const pending = await protocol.initiate(alice.identity, verify, context, Date.now())
  const answer = await protocol.respond(bob.identity, verify, context, pending.message, Date.now())
  return { a: await pending.finish(answer.response, Date.now()), b: answer.session }
}

/** Milliseconds of both sides together for one handshake between people who have their keys. */
export async function timeHandshake(crypto: CryptoPort): Promise<number> {
  const [alice, bob] = [await makePerson(crypto, 'alice'), await makePerson(crypto, 'bob')]
  const startedAt = performance.now()
  const { a, b } = await shakeHands(crypto, alice, bob)
  const ms = performance.now() - startedAt
  a.close()
  b.close()
  return ms
}

/** Bytes that somebody publishes so that a letter can be sealed for them: the bundle and one one-time prekey. */
export async function bundleBytes(crypto: CryptoPort): Promise<number> {
  const { identity } = await makePerson(crypto, 'alice')
  const prekeys = new PrekeyStore(crypto)
  const bundle = await prekeys.bundle(identity, Date.now())
  const [oneTime] = await prekeys.makeOneTime(identity, 1)
  return bundle.length + (oneTime?.length ?? 0)
}

export async function startConversation(
  crypto: CryptoPort,
  limits?: Partial<RatchetLimits>,
): Promise<Conversation> {
  const [alice, bob] = [await makePerson(crypto, 'alice'), await makePerson(crypto, 'bob')]
  const { a, b } = await shakeHands(crypto, alice, bob, limits)
  const side = (person: Person, session: Session): Side => ({
    person,
    session,
    packer: new FramePacker(session.plaintextBytes, (length) => crypto.randomBytes(length)),
    assembler: new FragmentAssembler(MAX_ENVELOPE_BYTES),
    sequence: 0,
  })
  const [ours, theirs] = [side(alice, a), side(bob, b)]
  return {
    toBob: (content) => deliver(crypto, ours, theirs, content),
    toAlice: (content) => deliver(crypto, theirs, ours, content),
    acknowledge: async () => {
      const chunk = { kind: ChunkKind.acknowledgement, data: new Uint8Array(MESSAGE_ID_BYTES) }
      for (const block of theirs.packer.pack([chunk])) {
        await a.open(FrameType.encrypted, await b.seal(FrameType.encrypted, block))
      }
    },
  }
}

async function deliver(
  crypto: CryptoPort,
  from: Side,
  to: Side,
  content: Uint8Array,
): Promise<number> {
  const route = {
    sender: from.person.fingerprint,
    recipient: to.person.fingerprint,
    session: from.session.id,
  }
  const { privateKey, publicKey } = from.person.identity.signing
  const data = await signEnvelope(crypto, privateKey, route, from.sequence++, content)
  let frames = 0
  let whole: Uint8Array | undefined
  for (const block of from.packer.pack([{ kind: ChunkKind.message, data }])) {
    const sealed = await from.session.seal(FrameType.encrypted, block)
    const opened = await to.session.open(FrameType.encrypted, sealed)
    for (const chunk of readChunks(opened)) {
      whole = chunk.kind === ChunkKind.fragment ? to.assembler.push(chunk.data) : chunk.data
    }
    frames++
  }
  if (whole === undefined) throw new Error('a message did not arrive')
  const envelope = await openEnvelope(crypto, publicKey, route, whole)
  if (!equalBytes(envelope.content, content)) throw new Error('another message arrived')
  return frames
}
