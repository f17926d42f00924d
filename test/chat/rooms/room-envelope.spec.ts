import { expect } from 'chai'
import fc from 'fast-check'
import { concatBytes, lengthPrefixed, utf8 } from '../../../src/crypto/bytes.ts'
import { encodeContent } from '../../../src/chat/message/content.ts'
import { createMessageId } from '../../../src/chat/message/message-id.ts'
import {
  MAX_ROOM_ENVELOPE_BYTES,
  MAX_ROOM_TEXT_BYTES,
  ROOM_MESSAGE_WINDOW_MS,
} from '../../../src/chat/rooms/constants.ts'
import { KnownCertificates } from '../../../src/chat/identity/known-certificates.ts'
import { RoomEnvelope } from '../../../src/chat/rooms/pb/room-message.ts'
import {
  isRoomPresence,
  isRoomText,
  openRoomEnvelope,
  sealRoomEnvelope,
  type RoomText,
} from '../../../src/chat/rooms/room-envelope.ts'
import { topicOf } from '../../../src/chat/rooms/room-names.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { NOW } from '../support/channels.ts'
import { person, type TestPerson } from '../support/people.ts'
import { seededBytes } from '../support/random.ts'
import { rejection } from '../support/rejection.ts'

const topic = topicOf('tea')
const id = createMessageId(NOW, seededBytes(5))
const content: RoomText = { type: 'text', id, timestamp: NOW, name: 'Alice', text: 'milk first?' }

describe('room envelope', () => {
  let alice: TestPerson
  let mallory: TestPerson
  let envelope: Uint8Array

  before(async () => {
    ;[alice, mallory] = await Promise.all([person('alice'), person('mallory')])
    envelope = await sealRoomEnvelope(nodeCrypto, alice.identity, topic, content)
  })

  const open = (bytes: Uint8Array, nowMs = NOW, inTopic = topic, publisher = alice.peerId) =>
    openRoomEnvelope(
      nodeCrypto,
      new KnownCertificates(nodeCrypto, 1),
      inTopic,
      publisher,
      bytes,
      nowMs,
    )

  it('says who said what', async () => {
    const opened = await open(envelope)
    expect(opened.content).to.deep.equal(content)
    expect(opened.author.fingerprint).to.equal(alice.identity.fingerprint)
  })

  it('is signed over label, topic behind its length, and the content as it travels', async () => {
    const { signature } = RoomEnvelope.decode(envelope)
    const signed = concatBytes(
      utf8('sotto/room-message/1\0'),
      lengthPrefixed(utf8(topic)),
      encodeContent(content),
    )
    expect(await nodeCrypto.verify(alice.identity.signing.publicKey, signature, signed)).to.be.true
  })

  it('is refused when somebody else published it', async () => {
    const name = await rejection(() => open(envelope, NOW, topic, mallory.peerId))
    expect(name).to.equal('IdentityError')
  })

  it('is refused under somebody else’s certificate', async () => {
    const forged = RoomEnvelope.encode({
      ...RoomEnvelope.decode(envelope),
      certificate: new Uint8Array(mallory.identity.certificate),
    })
    const name = await rejection(() => open(forged, NOW, topic, mallory.peerId))
    expect(name).to.equal('InvalidSignatureError')
  })

  it('is refused in another room', async () => {
    const name = await rejection(() => open(envelope, NOW, topicOf('coffee')))
    expect(name).to.equal('InvalidSignatureError')
  })

  it('is taken within ten minutes of its time, either way, and refused beyond', async () => {
    for (const sign of [-1, 1]) {
      await open(envelope, NOW + sign * ROOM_MESSAGE_WINDOW_MS)
      const late = NOW + sign * (ROOM_MESSAGE_WINDOW_MS + 1)
      expect(await rejection(() => open(envelope, late))).to.equal('ExpiredMessageError')
    }
  })

  it('is refused with its content or signature altered', async () => {
    const decoded = RoomEnvelope.decode(envelope)
    const other = new Uint8Array(encodeContent({ ...content, text: 'tea first?' } as RoomText))
    const signature = new Uint8Array(decoded.signature)
    signature[0]! ^= 1
    for (const changes of [{ content: other }, { signature }, { signature: new Uint8Array() }]) {
      const forged = RoomEnvelope.encode({ ...decoded, ...changes })
      expect(await rejection(() => open(forged))).to.equal('InvalidSignatureError')
    }
  })

  it('is refused when it is too long', async () => {
    const long = new Uint8Array(MAX_ROOM_ENVELOPE_BYTES + 1)
    expect(await rejection(() => open(long))).to.equal('OversizedMessageError')
  })

  it('has room for the longest text, of bytes that JSON escapes worst, with the longest name', async () => {
    const longest = {
      ...content,
      name: '🦊'.repeat(32),
      text: '\u0000'.repeat(MAX_ROOM_TEXT_BYTES),
    }
    const bytes = await sealRoomEnvelope(nodeCrypto, alice.identity, topic, longest)
    expect(bytes.byteLength).to.be.at.most(MAX_ROOM_ENVELOPE_BYTES)
    await open(bytes)
  })

  it('fails by a name of ours, whatever the bytes', async () => {
    const names = [
      'MalformedMessageError',
      'IdentityError',
      'InvalidSignatureError',
      'ExpiredMessageError',
    ]
    const certificate = new Uint8Array(alice.identity.certificate)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), fc.boolean(), async (bytes, wrapped) => {
        const signature = new Uint8Array(64)
        const data = wrapped
          ? RoomEnvelope.encode({ certificate, content: bytes, signature })
          : bytes
        expect(await rejection(() => open(data))).to.be.oneOf(names)
      }),
    )
  })

  it('carries a text only of 1 to 4096 bytes, a name only as a string', () => {
    for (const text of ['', 'x'.repeat(MAX_ROOM_TEXT_BYTES + 1), '界'.repeat(1400)]) {
      expect(isRoomText({ ...content, text } as RoomText)).to.be.false
    }
    expect(isRoomText({ ...content, name: 5 } as unknown as RoomText)).to.be.false
    expect(isRoomText(content)).to.be.true
  })

  it('carries presence only with rooms that are names', () => {
    const here = { type: 'here', id, timestamp: NOW }
    for (const good of [
      here,
      { ...here, type: 'bye' },
      { ...here, rooms: [] },
      { ...here, rooms: ['a'] },
    ]) {
      expect(isRoomPresence(good)).to.be.true
    }
    for (const bad of [
      { ...here, type: 'text' },
      { ...here, rooms: 'a' },
      { ...here, rooms: [5] },
      { ...here, name: 5 },
    ]) {
      expect(isRoomPresence(bad)).to.be.false
    }
  })
})
