import { expect } from 'chai'
import fc from 'fast-check'
import { concatBytes, fromHex, uint64Bytes, utf8 } from '../../../src/crypto/bytes.ts'
import { batchBytes, openBatch, signBatch } from '../../../src/chat/message/batch.ts'
import { openEnvelope, signEnvelope, type Route } from '../../../src/chat/message/envelope.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { person, type TestPerson } from '../support/people.ts'
import { rejection } from '../support/rejection.ts'

const CONTENTS = ['{"type":"text"}', 'x', '{"type":"read"}'].map(utf8)

describe('batch of contents', () => {
  let alice: TestPerson
  let route: Route

  before(async () => {
    const bob = await person('bob')
    alice = await person('alice')
    route = {
      sender: alice.identity.fingerprint,
      recipient: bob.identity.fingerprint,
      session: new Uint8Array(32).fill(9),
    }
  })

  const sign = (contents = CONTENTS, sequence = 5) =>
    signBatch(nodeCrypto, alice.identity.signing.privateKey, route, sequence, contents)
  const open = (batch: Uint8Array, over: Partial<Route> = {}) =>
    openBatch(nodeCrypto, alice.identity.signing.publicKey, { ...route, ...over }, batch)

  /** A batch whose body is this, properly signed. */
  async function signed(body: Uint8Array): Promise<Uint8Array> {
    const { sender, recipient, session } = route
    const rest = concatBytes(uint64Bytes(5), body)
    const label = utf8('sotto/message-batch/1\0')
    const all = concatBytes(label, fromHex(sender), fromHex(recipient), session, rest)
    const signature = await nodeCrypto.sign(alice.identity.signing.privateKey, all)
    return concatBytes(signature, rest)
  }

  it('gives back the first sequence and all contents in order, and is as long as foretold', async () => {
    const some = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(fc.maxSafeNat(), some, async (sequence, contents) => {
        const batch = await sign(contents, sequence)
        expect(await open(batch)).to.deep.equal({ sequence, contents })
        expect(batch.byteLength).to.equal(batchBytes(contents.map(({ length }) => length)))
      }),
      { numRuns: 50 },
    )
  })

  it('is signature, sequence, and each content behind its length, under a label of its own', async () => {
    const body = concatBytes(
      ...CONTENTS.flatMap((content) => [Uint8Array.of(0, content.byteLength), content]),
    )
    const batch = await sign()
    expect(batch.subarray(64)).to.deep.equal(concatBytes(uint64Bytes(5), body))
    expect((await open(await signed(body))).contents).to.deep.equal(CONTENTS)
  })

  it('is refused with any one bit altered', async () => {
    const batch = await sign()
    await fc.assert(
      fc.asyncProperty(fc.nat(batch.byteLength * 8 - 1), async (index) => {
        const altered = new Uint8Array(batch)
        altered[index >> 3]! ^= 1 << (index & 7)
        expect(await rejection(() => open(altered))).to.equal('InvalidSignatureError')
      }),
    )
  })

  it('is refused in another session, and as a message, as a message is for a batch', async () => {
    const { privateKey, publicKey } = alice.identity.signing
    const batch = await sign()
    const message = await signEnvelope(nodeCrypto, privateKey, route, 5, utf8('\0\x01x'))
    const refused = [
      () => open(batch, { session: new Uint8Array(32) }),
      () => openEnvelope(nodeCrypto, publicKey, route, batch),
      () => open(message),
    ]
    for (const attempt of refused) {
      expect(await rejection(attempt)).to.equal('InvalidSignatureError')
    }
  })

  it('is refused when it is cut off, or something in it is empty', async () => {
    const bodies = [[0], [0, 2, 1], [0, 0], [0, 1, 1, 0], [0, 1, 1, 0, 0], [0, 1, 1, 1, 0, 7]]
    for (const body of bodies) {
      const batch = await signed(Uint8Array.from(body))
      expect(await rejection(() => open(batch)), String(body)).to.equal('MalformedMessageError')
    }
    expect(await rejection(() => open(new Uint8Array(72)))).to.equal('MalformedMessageError')
  })
})
