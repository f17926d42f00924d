import { expect } from 'chai'
import fc from 'fast-check'
import { concatBytes, fromHex, uint64Bytes, utf8 } from '../../../src/crypto/bytes.ts'
import { labels } from '../../../src/crypto/labels.ts'
import {
  MAX_ENVELOPE_BYTES,
  openEnvelope,
  signEnvelope,
} from '../../../src/chat/message/envelope.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { person, type TestPerson } from '../support/people.ts'
import { rejection } from '../support/rejection.ts'
import type { Route } from '../../../src/chat/message/envelope.ts'

const content = utf8('{"type":"text"}')

describe('message envelope', () => {
  let alice: TestPerson
  let bob: TestPerson
  let route: Route

  before(async () => {
    ;[alice, bob] = await Promise.all([person('alice'), person('bob')])
    route = {
      sender: alice.identity.fingerprint,
      recipient: bob.identity.fingerprint,
      session: new Uint8Array(32).fill(9),
    }
  })

  const sign = (sequence = 5, bytes = content) =>
    signEnvelope(nodeCrypto, alice.identity.signing.privateKey, route, sequence, bytes)
  const open = (envelope: Uint8Array, over: Partial<Route> = {}) =>
    openEnvelope(nodeCrypto, alice.identity.signing.publicKey, { ...route, ...over }, envelope)

  it('gives back sequence and content, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.maxSafeNat(),
        fc.uint8Array({ minLength: 1 }),
        async (sequence, bytes) => {
          expect(await open(await sign(sequence, bytes))).to.deep.equal({
            sequence,
            content: bytes,
          })
        },
      ),
      { numRuns: 50 },
    )
  })

  it('is signature, sequence, content; signed over label, fingerprints, session, sequence, content', async () => {
    const envelope = await sign(258)
    expect(envelope.subarray(64)).to.deep.equal(concatBytes(uint64Bytes(258), content))
    const signed = concatBytes(
      utf8('sotto/message/1\0'),
      fromHex(route.sender),
      fromHex(route.recipient),
      route.session,
      uint64Bytes(258),
      content,
    )
    const { publicKey } = alice.identity.signing
    expect(await nodeCrypto.verify(publicKey, envelope.subarray(0, 64), signed)).to.be.true
    expect(labels.message).to.deep.equal(utf8('sotto/message/1\0'))
  })

  it('is refused with any one bit altered, in signature, sequence or content', async () => {
    const envelope = await sign()
    await fc.assert(
      fc.asyncProperty(fc.nat(envelope.byteLength * 8 - 1), async (index) => {
        const altered = new Uint8Array(envelope)
        altered[index >> 3]! ^= 1 << (index & 7)
        expect(await rejection(() => open(altered))).to.equal('InvalidSignatureError')
      }),
    )
  })

  it('is refused for another recipient, from another sender, in another session', async () => {
    const envelope = await sign()
    const mallory = await person('mallory')
    const routes: Partial<Route>[] = [
      { recipient: mallory.identity.fingerprint },
      { sender: mallory.identity.fingerprint },
      { sender: route.recipient, recipient: route.sender },
      { session: new Uint8Array(32) },
    ]
    for (const over of routes) {
      expect(await rejection(() => open(envelope, over))).to.equal('InvalidSignatureError')
    }
    const key = mallory.identity.signing.publicKey
    const name = await rejection(() => openEnvelope(nodeCrypto, key, route, envelope))
    expect(name).to.equal('InvalidSignatureError')
  })

  it('is refused when there is no content in it', async () => {
    for (const length of [0, 1, 64, 72]) {
      expect(await rejection(() => open(new Uint8Array(length)))).to.equal('MalformedMessageError')
    }
  })

  it('is refused when it is too long, before its signature is looked at', async () => {
    const envelope = new Uint8Array(MAX_ENVELOPE_BYTES + 1)
    expect(await rejection(() => open(envelope))).to.equal('OversizedMessageError')
  })

  it('is refused for a sequence number beyond counting', async () => {
    const body = concatBytes(new Uint8Array(8).fill(0xff), content)
    const { sender, recipient, session } = route
    const signed = concatBytes(labels.message, fromHex(sender), fromHex(recipient), session, body)
    const signature = await nodeCrypto.sign(alice.identity.signing.privateKey, signed)
    expect(await rejection(() => open(concatBytes(signature, body)))).to.equal(
      'MalformedMessageError',
    )
  })
})
