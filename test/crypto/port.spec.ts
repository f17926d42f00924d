import { expect } from 'chai'
import { inspect } from 'node:util'
import { fromHex, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { pointOfSpki, spkiOfPoint } from '../../src/crypto/p256-encoding.ts'
import { compressSpki } from '../../src/crypto/p256-points.ts'
import type { CryptoPort } from '../../src/crypto/port.ts'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { rejection } from './support/rejection.ts'

const backends: readonly CryptoPort[] = [nodeCrypto, webCrypto]
const DATA = utf8('sotto voce')
const EMPTY = new Uint8Array()

for (const crypto of backends) {
  const other = backends.find((backend) => backend !== crypto) ?? crypto

  describe(`crypto port: ${crypto.name}`, () => {
    it('returns plain byte arrays, whose slices do not share memory', async () => {
      const results = [
        crypto.randomBytes(8),
        crypto.sha256(DATA),
        crypto.hmacSha256(DATA, DATA),
        crypto.hkdfSha256(DATA, DATA, DATA, 32),
        await crypto.aesGcmSeal(new Uint8Array(32), new Uint8Array(12), DATA, EMPTY),
      ]
      for (const bytes of results)
        expect(Object.getPrototypeOf(bytes)).to.equal(Uint8Array.prototype)
    })

    it('fills random bytes beyond the quota of one call', () => {
      const bytes = crypto.randomBytes(200_000)
      expect(bytes).to.have.length(200_000)
      expect(bytes.subarray(-32).some((byte) => byte !== 0)).to.equal(true)
    })

    it('hashes, authenticates and derives as the other backend does', () => {
      expect(crypto.sha256(DATA)).to.deep.equal(other.sha256(DATA))
      expect(crypto.hmacSha256(DATA, EMPTY)).to.deep.equal(other.hmacSha256(DATA, EMPTY))
      expect(crypto.hkdfSha256(DATA, EMPTY, DATA, 77)).to.deep.equal(
        other.hkdfSha256(DATA, new Uint8Array(32), DATA, 77),
      )
    })

    it('takes compressed points, and refuses whatever is none', async () => {
      const [own, pair] = [
        await crypto.generateAgreementKeyPair(),
        await other.generateAgreementKeyPair(),
      ]
      const compressed = compressSpki(pair.publicKey.spki)
      const key = await crypto.importCompressedAgreementKey(compressed)
      expect(key.spki).to.deep.equal(pair.publicKey.spki)
      const theirs = await other.importCompressedAgreementKey(compressSpki(own.publicKey.spki))
      expect(await crypto.agree(own.privateKey, key)).to.deep.equal(
        await other.agree(pair.privateKey, theirs),
      )
      const withFirst = (byte: number) => Uint8Array.of(byte, ...compressed.subarray(1))
      const bad: Uint8Array[] = [0, 4, 5, 6, 7].map(withFirst)
      bad.push(compressed.subarray(1), Uint8Array.of(...compressed, 0), EMPTY)
      // x = 2^256 - 1 is beyond the field, and x = 1 has no point
      bad.push(Uint8Array.of(2, ...new Uint8Array(32).fill(255)))
      bad.push(Uint8Array.of(2, ...new Uint8Array(31), 1))
      for (const point of bad) {
        const attempt = () => crypto.importCompressedAgreementKey(point)
        expect(await rejection(attempt)).to.equal('InvalidKeyError')
      }
    })

    for (const size of [0, 1, 999, 2048, 2049, 100_000]) {
      it(`opens ${String(size)} bytes that the other backend sealed, and nothing altered`, async () => {
        const key = crypto.randomBytes(32)
        const nonce = crypto.randomBytes(12)
        const plaintext = crypto.randomBytes(size)
        const sealed = await other.aesGcmSeal(key, nonce, plaintext, DATA)
        expect(sealed).to.have.length(size + 16)
        expect(await crypto.aesGcmOpen(key, nonce, sealed, DATA)).to.deep.equal(plaintext)

        const altered = sealed.slice()
        altered[size >> 1] = (altered[size >> 1] ?? 0) ^ 1
        const shorter = sealed.subarray(0, -1)
        const attempts: [Uint8Array, Uint8Array, Uint8Array, Uint8Array][] = [
          [key, nonce, altered, DATA],
          [key, nonce, shorter, DATA],
          [key, nonce, sealed.subarray(0, 15), DATA],
          [key, nonce, EMPTY, DATA],
          [key, nonce, sealed, EMPTY],
          [crypto.randomBytes(32), nonce, sealed, DATA],
          [key, crypto.randomBytes(12), sealed, DATA],
        ]
        for (const attempt of attempts) {
          expect(await rejection(() => crypto.aesGcmOpen(...attempt))).to.equal('DecryptionError')
        }
      })
    }

    it('makes signatures that the other backend verifies', async () => {
      const { privateKey, publicKey } = await crypto.generateSigningKeyPair()
      const signature = await crypto.sign(privateKey, DATA)
      expect(signature).to.have.length(64)
      const theirs = await other.importVerifyingKey(publicKey.spki)
      expect(await other.verify(theirs, signature, DATA)).to.equal(true)
      expect(await other.verify(theirs, signature, EMPTY)).to.equal(false)
    })

    it('answers false to a signature of any wrong shape', async () => {
      const { privateKey, publicKey } = await crypto.generateSigningKeyPair()
      const signature = await crypto.sign(privateKey, DATA)
      const wrong = [
        EMPTY,
        signature.subarray(0, 63),
        new Uint8Array([...signature, 0]),
        new Uint8Array(64),
        new Uint8Array(64).fill(255),
      ]
      for (const bytes of wrong) expect(await crypto.verify(publicKey, bytes, DATA)).to.equal(false)
    })

    it('agrees with the other backend on 32 bytes', async () => {
      const mine = await crypto.generateAgreementKeyPair()
      const theirs = await other.generateAgreementKeyPair()
      const here = await crypto.agree(
        mine.privateKey,
        await crypto.importAgreementPublicKey(theirs.publicKey.spki),
      )
      const there = await other.agree(
        theirs.privateKey,
        await other.importAgreementPublicKey(mine.publicKey.spki),
      )
      expect(here).to.have.length(32)
      expect(here).to.deep.equal(there)
    })

    it('shares an ML-KEM secret with the other backend, and a wrong one when a bit is altered', () => {
      const seed = crypto.randomBytes(64)
      const publicKey = crypto.kem.publicKeyOf(seed)
      expect(publicKey).to.deep.equal(other.kem.publicKeyOf(seed))
      const { ciphertext, sharedSecret } = other.kem.encapsulate(publicKey)
      expect([ciphertext.length, sharedSecret.length]).to.deep.equal([1088, 32])
      expect(crypto.kem.decapsulate(seed, ciphertext)).to.deep.equal(sharedSecret)
      ciphertext[500] = (ciphertext[500] ?? 0) ^ 1
      const wrong = crypto.kem.decapsulate(seed, ciphertext)
      expect(wrong).to.have.length(32)
      expect(wrong).not.to.deep.equal(sharedSecret)
      expect(wrong).to.deep.equal(other.kem.decapsulate(seed, ciphertext))
    })

    it('refuses an ML-KEM key with a coefficient out of range, or of another length', () => {
      for (const bytes of [new Uint8Array(1184).fill(255), new Uint8Array(1183)]) {
        expect(() => crypto.kem.encapsulate(bytes)).to.throw('an invalid ML-KEM key')
      }
    })

    it('reads back private keys that the other backend exported', async () => {
      const signing = await other.generateSigningKeyPair()
      const agreement = await other.generateAgreementKeyPair()
      const signing2 = await crypto.importSigningKeyPair(
        await other.exportPrivateKey(signing.privateKey),
      )
      const agreement2 = await crypto.importAgreementKeyPair(
        await other.exportPrivateKey(agreement.privateKey),
      )
      expect(signing2.publicKey.spki).to.deep.equal(signing.publicKey.spki)
      expect(agreement2.publicKey.spki).to.deep.equal(agreement.publicKey.spki)
      const signature = await crypto.sign(signing2.privateKey, DATA)
      expect(await other.verify(signing.publicKey, signature, DATA)).to.equal(true)
    })

    it('exports private keys as 138 bytes of PKCS#8, and takes the form without a public point', async () => {
      const pair = await crypto.generateSigningKeyPair()
      const pkcs8 = await crypto.exportPrivateKey(pair.privateKey)
      expect(pkcs8).to.have.length(138)
      const bare = fromHex(
        `3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420${toHex(pkcs8.subarray(36, 68))}`,
      )
      const again = await crypto.importSigningKeyPair(bare)
      expect(again.publicKey.spki).to.deep.equal(pair.publicKey.spki)
    })

    it('does not export a key that was made or imported non-extractable', async () => {
      const options = { extractable: false }
      const source = await crypto.generateAgreementKeyPair()
      const pkcs8 = await crypto.exportPrivateKey(source.privateKey)
      const made = await crypto.generateSigningKeyPair(options)
      const imported = await crypto.importAgreementKeyPair(pkcs8, options)
      for (const key of [made.privateKey, imported.privateKey]) {
        expect(await rejection(() => crypto.exportPrivateKey(key))).to.equal('InvalidKeyError')
      }
    })

    it('refuses public keys of any shape but the one', async () => {
      const { publicKey } = await crypto.generateAgreementKeyPair()
      const spki = publicKey.spki
      const point = pointOfSpki(spki)
      const offCurve = point.slice()
      offCurve[64] = (offCurve[64] ?? 0) ^ 1
      const hybrid = spki.slice()
      hybrid[26] = 6 + ((spki[90] ?? 0) & 1)
      const otherCurve = spki.slice()
      otherCurve[22] = 8
      const beyondField = new Uint8Array(65).fill(255)
      beyondField[0] = 4
      const wrong = [
        EMPTY,
        spki.subarray(0, 90),
        new Uint8Array([...spki, 0]),
        new Uint8Array(91),
        hybrid,
        otherCurve,
        spkiOfPoint(offCurve),
        spkiOfPoint(beyondField),
        spkiOfPoint(new Uint8Array(65).fill(4, 0, 1)),
      ]
      for (const bytes of wrong) {
        for (const attempt of [
          () => crypto.importVerifyingKey(bytes),
          () => crypto.importAgreementPublicKey(bytes),
        ]) {
          expect(await rejection(attempt)).to.equal('InvalidKeyError')
        }
      }
    })

    it('refuses private keys that are malformed, out of range or of another public key', async () => {
      const pair = await crypto.generateSigningKeyPair()
      const pkcs8 = await crypto.exportPrivateKey(pair.privateKey)
      const stranger = await crypto.exportPrivateKey(
        (await crypto.generateSigningKeyPair()).privateKey,
      )
      const zero = pkcs8.slice()
      zero.fill(0, 36, 68)
      const beyondOrder = pkcs8.slice()
      beyondOrder.fill(255, 36, 68)
      const mixed = new Uint8Array([...pkcs8.subarray(0, 73), ...stranger.subarray(73)])
      for (const bytes of [EMPTY, pkcs8.subarray(0, 137), zero, beyondOrder, mixed]) {
        expect(await rejection(() => crypto.importSigningKeyPair(bytes))).to.equal(
          'InvalidKeyError',
        )
        expect(await rejection(() => crypto.importAgreementKeyPair(bytes))).to.equal(
          'InvalidKeyError',
        )
      }
    })

    it('refuses a handle of the other backend', async () => {
      const { privateKey } = await other.generateSigningKeyPair()
      expect(await rejection(() => crypto.sign(privateKey, DATA))).to.equal('InvalidKeyError')
    })

    it('prints no private key', async () => {
      const { privateKey } = await crypto.generateSigningKeyPair()
      const agreement = await crypto.generateAgreementKeyPair()
      for (const key of [privateKey, agreement.privateKey]) {
        for (const text of [inspect(key, { showHidden: true }), JSON.stringify(key)]) {
          expect(text).to.match(/^"?\[(Signing|AgreementPrivate)Key redacted\]"?$/)
        }
      }
    })
  })
}
