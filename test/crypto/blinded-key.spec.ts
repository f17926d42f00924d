import { ed25519 } from '@noble/curves/ed25519.js'
import { expect } from 'chai'
import fc from 'fast-check'
import { BlindableKey, blindPublicKey } from '../../src/crypto/blinded-key.ts'
import { fromHex, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { rejection } from '../chat/support/rejection.ts'
import vectors from '../vectors/mailbox-boxes.json' with { type: 'json' }

const key = new BlindableKey(new Uint8Array(32).fill(7))
const secret = new Uint8Array(32).fill(9)
const message = utf8('a challenge')

describe('blinded keys', () => {
  it('let the owner sign for the public key that others compute of a day', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.nat(0xffffffff),
        (seed, blinding, day) => {
          const owner = new BlindableKey(seed)
          const publicKey = blindPublicKey(owner.publicKey, blinding, day)
          const signature = owner.sign(blinding, day, message)
          return ed25519.verify(signature, message, publicKey, { zip215: false })
        },
      ),
      { numRuns: 25 },
    )
  })

  it('give another key each day, to each secret', () => {
    const keys = [
      key.publicKey,
      blindPublicKey(key.publicKey, secret, 1),
      blindPublicKey(key.publicKey, secret, 2),
      blindPublicKey(key.publicKey, new Uint8Array(32), 1),
    ]
    expect(new Set(keys.map(toHex))).to.have.lengthOf(4)
  })

  it('make no signature of one day good for another', () => {
    const signature = key.sign(secret, 1, message)
    const next = blindPublicKey(key.publicKey, secret, 2)
    expect(ed25519.verify(signature, message, next)).to.equal(false)
  })

  it('never use one nonce under two keys', () => {
    const commitments = [1, 2, 3].map((day) => toHex(key.sign(secret, day, message).slice(0, 32)))
    expect(new Set(commitments)).to.have.lengthOf(3)
  })

  it('are refused for what is no point, or one of small order', async () => {
    const small = ['00', '01'].map((first) => fromHex(first.padEnd(64, '0')))
    for (const publicKey of [...small, new Uint8Array(32).fill(0xff), new Uint8Array(31)]) {
      const name = await rejection(() => blindPublicKey(publicKey, secret, 1))
      expect(name).to.equal('InvalidKeyError')
    }
  })

  it('print redacted', () => {
    expect(`${String(key)} ${JSON.stringify({ key })}`).to.equal(
      '[BlindableKey redacted] {"key":"[BlindableKey redacted]"}',
    )
  })

  it('are those of the published vectors', () => {
    for (const vector of vectors.boxes) {
      const owner = new BlindableKey(fromHex(vector.seed))
      const day = vector.day
      expect(toHex(owner.publicKey)).to.equal(vector.publicKey)
      const blinding = fromHex(vector.secret)
      expect(toHex(blindPublicKey(owner.publicKey, blinding, day))).to.equal(vector.collectKey)
      expect(toHex(owner.sign(blinding, day, fromHex(vector.message)))).to.equal(vector.signature)
    }
  })
})
