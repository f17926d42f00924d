/** Frames, chunks, envelopes, records and names: what the chat layer parses. */
import { multiaddr } from '@multiformats/multiaddr'
import { decodeAddresses, encodeAddresses } from '../../src/chat/direct/addresses.ts'
import { cleanName, normaliseName } from '../../src/chat/directory/names.ts'
import {
  profileSequence,
  signProfile,
  verifyProfile,
} from '../../src/chat/directory/profile-record.ts'
import { ChunkKind, readChunks } from '../../src/chat/frame/chunks.ts'
import { ClearFrameAssembler, encodeClearFrames } from '../../src/chat/frame/clear-frames.ts'
import { FrameType } from '../../src/chat/frame/constants.ts'
import { FragmentAssembler } from '../../src/chat/frame/fragment-assembler.ts'
import { FrameDecoder } from '../../src/chat/frame/frame-decoder.ts'
import { FramePacker } from '../../src/chat/frame/frame-packer.ts'
import { verifyCertificate } from '../../src/chat/identity/certificate.ts'
import { KnownCertificates } from '../../src/chat/identity/known-certificates.ts'
import { decodeContent, encodeContent, isProfile, isText } from '../../src/chat/message/content.ts'
import { openBatch, signBatch } from '../../src/chat/message/batch.ts'
import { MAX_ENVELOPE_BYTES, openEnvelope, signEnvelope } from '../../src/chat/message/envelope.ts'
import { createMessageId } from '../../src/chat/message/message-id.ts'
import {
  isRoomPresence,
  isRoomText,
  openRoomEnvelope,
  sealRoomEnvelope,
} from '../../src/chat/rooms/room-envelope.ts'
import { concatBytes, utf8 } from '../../src/crypto/bytes.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { mutateJson, mutateText } from './mutate.ts'
import { FRAME_ERRORS, MESSAGE_ERRORS, type Target } from './target.ts'
import { credulous, NOW_MS, type World } from './world.ts'

const BLOCK_BYTES = 906
const FRAME_BYTES = 1024

/** Bytes in frames as they go over a stream. */
function wire(frames: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...frames.flatMap((frame) => [Uint8Array.of(0x80, 0x08), frame]))
}

function decodeInPieces(bytes: Uint8Array): void {
  const decoder = new FrameDecoder()
  const size = 1 + (bytes[0] ?? 0) * 8
  for (let at = 0; at < bytes.length; at += size) decoder.push(bytes.subarray(at, at + size))
}

function assembleClear(bytes: Uint8Array): void {
  const assembler = new ClearFrameAssembler(FrameType.handshake)
  for (let at = 0; at < bytes.length; at += FRAME_BYTES) {
    assembler.push(bytes.subarray(at, at + FRAME_BYTES))
  }
}

function assembleChunks(bytes: Uint8Array): void {
  const assembler = new FragmentAssembler(MAX_ENVELOPE_BYTES)
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    for (const chunk of readChunks(bytes.subarray(at, at + BLOCK_BYTES))) {
      if (chunk.kind === ChunkKind.fragment) assembler.push(chunk.data)
    }
  }
}

function readContent(bytes: Uint8Array): void {
  const content = decodeContent(bytes)
  for (const check of [isText, isProfile, isRoomText, isRoomPresence]) check(content)
}

export async function chatTargets(world: World): Promise<Target[]> {
  const { crypto, alice, bob } = world
  const trusting = credulous(nodeCrypto)
  const random = (length: number) => crypto.randomBytes(length)
  const id = createMessageId(NOW_MS, random)
  const about = { id, timestamp: NOW_MS }
  const contents = [
    { ...about, type: 'text' as const, text: 'hello 😀' },
    { ...about, type: 'profile', name: 'Alice' },
    { ...about, type: 'here' as const, name: 'Alice', rooms: ['lobby', 'garden'] },
  ].map(encodeContent)
  const route = {
    sender: alice.fingerprint,
    recipient: bob.fingerprint,
    session: new Uint8Array(32),
  }
  const sign = (content: Uint8Array) =>
    signEnvelope(crypto, alice.signing.privateKey, route, 7, content)
  const envelopes = await Promise.all(contents.map(sign))
  const packer = new FramePacker(BLOCK_BYTES, random)
  const long = await sign(new Uint8Array(4000).fill(0x20))
  const blocks = [...envelopes, long].map((data) =>
    concatBytes(...packer.pack([{ kind: ChunkKind.message, data }])),
  )
  const clear = encodeClearFrames(FrameType.handshake, new Uint8Array(3000).fill(5), random)
  const multiaddrs = ['/ip4/192.0.2.1/tcp/4001', '/dns4/example.org/tcp/443/wss'].map((text) =>
    multiaddr(text),
  )
  const profile = await signProfile(
    crypto,
    alice,
    { name: 'Alice', sequence: 3, multiaddrs },
    NOW_MS,
  )
  const peer = peerIdFromPrivateKey(alice.peerKey)
  const topic = '/sotto/room/1.0.0/garden'
  const said = { ...about, type: 'text' as const, text: 'hello all' }
  const here = { ...about, type: 'here' as const, rooms: ['garden'] }
  const roomEnvelopes = [
    await sealRoomEnvelope(crypto, alice, topic, said),
    await sealRoomEnvelope(crypto, alice, topic, here),
  ]
  const names = ['Alice', 'Ἀλίκη', '아리스', 'a.b_c-d 7', 'ﬃ'].map(utf8)
  const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

  return [
    {
      name: 'frame-decoder',
      weight: 80,
      seeds: [wire(clear)],
      named: FRAME_ERRORS,
      parse: decodeInPieces,
    },
    {
      name: 'clear-frames',
      weight: 100,
      seeds: [concatBytes(...clear)],
      named: FRAME_ERRORS,
      parse: assembleClear,
    },
    { name: 'chunks', weight: 200, seeds: blocks, named: FRAME_ERRORS, parse: assembleChunks },
    {
      name: 'addresses',
      weight: 80,
      seeds: [encodeAddresses(multiaddrs)],
      named: FRAME_ERRORS,
      parse: decodeAddresses,
    },
    {
      name: 'content',
      weight: 200,
      seeds: contents,
      named: MESSAGE_ERRORS,
      mutate: mutateJson,
      parse: readContent,
    },
    {
      name: 'envelope',
      weight: 20,
      seeds: envelopes,
      named: MESSAGE_ERRORS,
      parse: (bytes) => openEnvelope(nodeCrypto, alice.signing.publicKey, route, bytes),
    },
    {
      name: 'envelope.signed',
      weight: 100,
      seeds: envelopes,
      named: MESSAGE_ERRORS,
      parse: async (bytes) =>
        readContent((await openEnvelope(trusting, alice.signing.publicKey, route, bytes)).content),
    },
    {
      name: 'batch.signed',
      weight: 60,
      seeds: [await signBatch(crypto, alice.signing.privateKey, route, 7, contents)],
      named: MESSAGE_ERRORS,
      parse: async (bytes) => {
        const batch = await openBatch(trusting, alice.signing.publicKey, route, bytes)
        for (const content of batch.contents) readContent(content)
      },
    },
    {
      name: 'certificate',
      weight: 20,
      seeds: [alice.certificate, bob.certificate],
      named: ['IdentityError'],
      parse: (bytes) => verifyCertificate(nodeCrypto, bytes),
    },
    {
      name: 'profile',
      weight: 10,
      seeds: [profile],
      named: ['IdentityError', 'InvalidProfileError'],
      parse: (bytes) => verifyProfile(nodeCrypto, bytes, NOW_MS),
    },
    {
      name: 'profile.signed',
      weight: 10,
      seeds: [profile],
      named: ['IdentityError', 'InvalidProfileError'],
      parse: (bytes) => verifyProfile(trusting, bytes, NOW_MS),
    },
    { name: 'profile.sequence', weight: 80, seeds: [profile], named: [], parse: profileSequence },
    {
      name: 'room-envelope',
      weight: 10,
      seeds: roomEnvelopes,
      named: [...MESSAGE_ERRORS, 'IdentityError'],
      parse: (bytes) =>
        openRoomEnvelope(
          nodeCrypto,
          new KnownCertificates(nodeCrypto, 1),
          topic,
          peer,
          bytes,
          NOW_MS,
        ),
    },
    {
      name: 'names',
      weight: 60,
      seeds: names,
      named: ['InvalidNameError'],
      mutate: mutateText,
      parse: (bytes) => cleanName(normaliseName(textOf(bytes))),
    },
  ]
}
