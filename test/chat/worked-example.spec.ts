import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import {
  concatBytes,
  fromHex,
  lengthPrefixed,
  toHex,
  uint64Bytes,
  utf8,
} from '../../src/crypto/bytes.ts'
import { labels } from '../../src/crypto/labels.ts'
import { ChunkKind, writeChunk } from '../../src/chat/frame/chunks.ts'
import { encodeClearFrames } from '../../src/chat/frame/clear-frames.ts'
import { FrameType } from '../../src/chat/frame/constants.ts'
import { IdentityCertificate } from '../../src/chat/identity/pb/certificate.ts'
import { encodeContent, type TextContent } from '../../src/chat/message/content.ts'
import { signEnvelope } from '../../src/chat/message/envelope.ts'
import { createMessageId } from '../../src/chat/message/message-id.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { person } from './support/people.ts'
import { onWire } from './support/wire.ts'
import type { CryptoPort } from '../../src/crypto/port.ts'

const timestamp = 1_700_000_000_000
const id = createMessageId(timestamp, (length) => Uint8Array.from({ length }, (_, n) => n))
const session = new Uint8Array(32).fill(0x5e)
const sha256 = (bytes: Uint8Array): string => toHex(nodeCrypto.sha256(bytes))

/** What the port was asked to sign: the code's own, not a copy of its layout. */
async function signedBytesOf(content: Uint8Array): Promise<Uint8Array> {
  const [alice, bob] = await Promise.all([person('alice'), person('bob')])
  let signed = new Uint8Array()
  const spy: CryptoPort = {
    ...nodeCrypto,
    sign: (_key, data) => {
      signed = new Uint8Array(data)
      return new Uint8Array(64)
    },
  }
  const route = { sender: alice.identity.fingerprint, recipient: bob.identity.fingerprint, session }
  await signEnvelope(spy, alice.identity.signing.privateKey, route, 3, content)
  return signed
}

describe('the worked examples of the specifications', () => {
  const page = async (name: string): Promise<string> => {
    const text = await readFile(new URL(`../../docs/specs/${name}.md`, import.meta.url), 'utf8')
    return text.replace(/\s+/gu, ' ')
  }

  it('in chat.md are what the code computes', async () => {
    const text = await page('chat')
    const content: TextContent = { type: 'text', id, timestamp, text: 'hi' }
    const json = encodeContent(content)
    const signed = await signedBytesOf(json)
    const [frame] = encodeClearFrames(
      FrameType.handshake,
      new Uint8Array(1500),
      (n) => new Uint8Array(n),
    )
    const block = new Uint8Array(3 + 72 + json.byteLength)
    writeChunk(block, 0, { kind: ChunkKind.message, data: new Uint8Array(72 + json.byteLength) })
    const examples = {
      id,
      json: new TextDecoder().decode(json),
      label: toHex(labels.message),
      sequence: toHex(uint64Bytes(3)),
      envelope: `${72 + json.byteLength} bytes`,
      signedLength: `${signed.byteLength} bytes`,
      signedHash: sha256(signed),
      wire: toHex(onWire(frame!).subarray(0, 7)),
      chunk: toHex(block.subarray(0, 3)),
    }
    for (const [what, value] of Object.entries(examples)) expect(text, what).to.contain(value)
    expect(toHex(signed)).to.match(new RegExp(`^${toHex(labels.message)}`))
  })

  it('in identity.md are what the code computes', async () => {
    const text = await page('identity')
    const { identity, peerId } = await person('alice')
    const { version, signingKey, agreementKey, peerKey } = IdentityCertificate.decode(
      identity.certificate,
    )
    const parts = [Uint8Array.of(version), signingKey, agreementKey, peerKey]
    const examples = {
      signingKey: toHex(signingKey),
      agreementKey: toHex(agreementKey),
      peerKey: toHex(peerKey),
      fingerprint: identity.fingerprint,
      peerId: peerId.toString(),
      bySigningKey: sha256(concatBytes(labels.certificateBySigningKey, ...parts)),
      byPeerKey: sha256(concatBytes(labels.certificateByPeerKey, ...parts)),
      certificate: `${identity.certificate.byteLength} bytes`,
      name: sha256(concatBytes(utf8('sotto/name/1\0'), utf8('alice'))),
    }
    for (const [what, value] of Object.entries(examples)) expect(text, what).to.contain(value)
    expect(fromHex(identity.fingerprint)).to.have.lengthOf(32)
    expect(lengthPrefixed(peerKey)).to.have.lengthOf(38)
  })
})
