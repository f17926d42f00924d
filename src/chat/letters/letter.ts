/**
 * The inside of a letter: a session of its own. In front the initial message of the handshake against the recipient's
 * bundle, behind it sealed blocks with the same chunks as on a channel. docs/specs/mailbox.md §8
 */
import { peerIdFromMultihash } from '@libp2p/peer-id'
import * as Digest from 'multiformats/hashes/digest'
import { ByteReader } from '../../crypto/byte-reader.ts'
import { ByteWriter } from '../../crypto/byte-writer.ts'
import { verifyBundle, type PublishedBundle } from '../../crypto/handshake/bundle.ts'
import { SEALED_BYTES, type LocalIdentity, type Session } from '../../crypto/session.ts'
import { ChunkKind, readChunks, type Chunk } from '../frame/chunks.ts'
import { FrameType } from '../frame/constants.ts'
import { FragmentAssembler } from '../frame/fragment-assembler.ts'
import { FramePacker } from '../frame/frame-packer.ts'
import { MAX_ENVELOPE_BYTES } from '../message/envelope.ts'
import { MalformedLetterError } from './errors.ts'
import { openSeal, sealLetter } from './seal.ts'
import type { VerifiedCertificate } from '../identity/certificate.ts'
import type { PrekeyStore } from '../../crypto/handshake/prekey-store.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { RatchetProtocol } from '../../crypto/session-protocol.ts'
import type { Identity } from '../identity/identity.ts'
import type { KnownCertificates } from '../identity/known-certificates.ts'
import type { PeerId } from '@libp2p/interface'

const MAX_PEER_ID_BYTES = 64
/** The longest envelope in blocks, and room for what travels beside it. */
const MAX_BLOCKS = 512
const MAX_INITIAL_BYTES = 4096

export interface LetterTools {
  readonly crypto: CryptoPort
  readonly sessions: Pick<RatchetProtocol, 'initiateWithBundle' | 'acceptInitial'>
  readonly identity: Identity
  readonly peerId: PeerId
  readonly certificates: KnownCertificates
  readonly now: () => number
}

/** A session's id and the person at its other end: what envelopes are signed for and checked against. */
export interface LetterSession {
  readonly id: Uint8Array
  readonly remote: VerifiedCertificate
}

export interface OpenedLetter {
  readonly session: LetterSession
  /** When it was written by its author's clock, ms since 1970. */
  readonly writtenAt: number
  readonly envelopes: readonly Uint8Array[]
  /** Ids of messages that its author has stored, 16 bytes each. */
  readonly acknowledged: readonly Uint8Array[]
}

/**
 * Writes and seals a letter to whoever published the bundle.
 * @param enclose makes what goes in, once it is known who gets it in which session
 * @throws HandshakeError | IdentityError | InvalidSignatureError for a bundle that is not good
 */
export async function writeLetter(
  tools: LetterTools,
  published: PublishedBundle,
  enclose: (session: LetterSession) => Promise<readonly Chunk[]>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { crypto, sessions, identity, peerId, certificates } = tools
  let remote: VerifiedCertificate | undefined
  const verify = async (certificate: Uint8Array): Promise<VerifiedCertificate> =>
    (remote = await certificates.verify(certificate))
  const bundle = await verifyBundle(crypto, verify, published, tools.now())
  if (remote === undefined) throw new MalformedLetterError('a bundle of nobody')
  const context = { initiatorPeer: peerBytes(peerId), responderPeer: peerBytes(remote.peerId) }
  const { message, session } = await sessions.initiateWithBundle(
    identity,
    verify,
    context,
    published,
    tools.now(),
  )
  try {
    const chunks = await enclose({ id: session.id, remote })
    const blocks = await sealBlocks(crypto, session, chunks)
    const contents = new ByteWriter()
      .lengthPrefixed(context.initiatorPeer)
      .lengthPrefixed(message)
      .uint16(blocks.length)
      .put(...blocks)
      .finish()
    return await sealLetter(crypto, bundle, contents)
  } finally {
    session.close()
  }
}

/**
 * Opens a letter and uses its one-time prekey up: store the prekeys when what it says is stored.
 * @param self ourselves, with the certificate of the bundle
 * @throws MalformedLetterError | PrekeyUnavailableError | ReplayedFrameError | HandshakeError | IdentityError |
 * InvalidSignatureError | DecryptionError | MalformedFrameError
 */
export async function openLetter(
  tools: LetterTools,
  self: LocalIdentity,
  prekeys: PrekeyStore,
  letter: Uint8Array,
): Promise<OpenedLetter> {
  const { crypto, sessions, peerId, certificates, now } = tools
  const { sender, initial, blocks } = readContents(await openSeal(crypto, prekeys, letter))
  const context = { initiatorPeer: peerBytes(sender), responderPeer: peerBytes(peerId) }
  let remote: VerifiedCertificate | undefined
  const verify = async (certificate: Uint8Array): Promise<VerifiedCertificate> =>
    (remote = await certificates.verify(certificate, sender))
  const nowMs = now()
  const session = await sessions.acceptInitial(self, verify, context, prekeys, initial, nowMs)
  try {
    if (remote === undefined) throw new MalformedLetterError('a letter of nobody')
    const contents = await openBlocks(session, blocks)
    const writtenAt = nowMs + session.clockSkewMs
    return { session: { id: session.id, remote }, writtenAt, ...contents }
  } finally {
    session.close()
  }
}

async function sealBlocks(
  crypto: CryptoPort,
  session: Session,
  chunks: readonly Chunk[],
): Promise<Uint8Array[]> {
  const packer = new FramePacker(session.plaintextBytes, (length) => crypto.randomBytes(length))
  const blocks: Uint8Array[] = []
  for (const block of packer.pack(chunks)) {
    blocks.push(await session.seal(FrameType.encrypted, block))
  }
  return blocks
}

async function openBlocks(session: Session, blocks: readonly Uint8Array[]) {
  const fragments = new FragmentAssembler(MAX_ENVELOPE_BYTES)
  const envelopes: Uint8Array[] = []
  const acknowledged: Uint8Array[] = []
  for (const block of blocks) {
    for (const { kind, data } of readChunks(await session.open(FrameType.encrypted, block))) {
      const whole = kind === ChunkKind.fragment ? fragments.push(data) : undefined
      if (whole !== undefined) envelopes.push(whole)
      if (kind === ChunkKind.message) envelopes.push(data)
      if (kind === ChunkKind.acknowledgement) acknowledged.push(data)
    }
  }
  return { envelopes, acknowledged }
}

function readContents(contents: Uint8Array) {
  try {
    const reader = new ByteReader(contents)
    const multihash = Digest.decode(reader.lengthPrefixed(MAX_PEER_ID_BYTES))
    const sender = peerIdFromMultihash(multihash)
    const initial = reader.lengthPrefixed(MAX_INITIAL_BYTES)
    const blocks = reader.list(MAX_BLOCKS, () => reader.take(SEALED_BYTES))
    return { sender, initial, blocks }
  } catch (cause) {
    throw new MalformedLetterError('a letter that is not written as letters are', { cause })
  }
}

function peerBytes(peerId: PeerId): Uint8Array {
  return peerId.toMultihash().bytes
}
