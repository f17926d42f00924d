import { expect } from 'chai'
import { p256 } from '@noble/curves/nist.js'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { concatBytes, fromHex, toHex } from '../../src/crypto/bytes.ts'
import { KemKeyPair } from '../../src/crypto/handshake/kem.ts'
import { nobleKem } from '../../src/crypto/noble-kem.ts'
import { encodePkcs8, spkiOfPoint } from '../../src/crypto/p256-encoding.ts'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { rejection } from './support/rejection.ts'
import { readVectors } from './support/vector-files.ts'

function pkcs8(scalarHex: string): Uint8Array {
  const scalar = fromHex(scalarHex)
  return encodePkcs8(scalar, p256.getPublicKey(scalar, false))
}

for (const crypto of [nodeCrypto, webCrypto]) {
  describe(`published vectors: ${crypto.name}`, () => {
    for (const name of ['sha256', 'sha256-cavp']) {
      const { source, vectors } = readVectors<'data' | 'digest'>(name)
      it(`hold for SHA-256 (${source})`, () => {
        for (const v of vectors) expect(toHex(crypto.sha256(fromHex(v.data)))).to.equal(v.digest)
      })
    }

    const hmac = readVectors<'key' | 'data' | 'mac'>('hmac-sha256')
    it(`hold for HMAC-SHA256 (${hmac.source})`, () => {
      for (const v of hmac.vectors) {
        expect(toHex(crypto.hmacSha256(fromHex(v.key), fromHex(v.data)))).to.equal(v.mac)
      }
    })

    const hkdf = readVectors<'ikm' | 'salt' | 'info' | 'okm'>('hkdf-sha256')
    it(`hold for HKDF-SHA256 (${hkdf.source})`, () => {
      for (const v of hkdf.vectors) {
        const [ikm, salt, info] = [fromHex(v.ikm), fromHex(v.salt), fromHex(v.info)]
        expect(toHex(crypto.hkdfSha256(ikm, salt, info, v.okm.length / 2))).to.equal(v.okm)
      }
    })

    for (const name of ['aes-256-gcm', 'aes-256-gcm-cavp']) {
      const { source, vectors } = readVectors<
        'key' | 'nonce' | 'plaintext' | 'associatedData' | 'ciphertext' | 'tag'
      >(name)
      it(`hold for AES-256-GCM (${source})`, async () => {
        for (const v of vectors) {
          const [key, nonce, associated] = [v.key, v.nonce, v.associatedData].map(fromHex)
          const sealed = await crypto.aesGcmSeal(key!, nonce!, fromHex(v.plaintext), associated!)
          expect(toHex(sealed)).to.equal(v.ciphertext + v.tag)
          const opened = await crypto.aesGcmOpen(key!, nonce!, sealed, associated!)
          expect(toHex(opened)).to.equal(v.plaintext)
        }
      })
    }

    const refused = readVectors<'key' | 'nonce' | 'associatedData' | 'ciphertext' | 'tag'>(
      'aes-256-gcm-cavp-refused',
    )
    it(`are refused for AES-256-GCM (${refused.source})`, async () => {
      for (const v of refused.vectors) {
        const [key, nonce, associated] = [v.key, v.nonce, v.associatedData].map(fromHex)
        const sealed = fromHex(v.ciphertext + v.tag)
        const attempt = () => crypto.aesGcmOpen(key!, nonce!, sealed, associated!)
        expect(await rejection(attempt)).to.equal('DecryptionError')
      }
    })

    const ecdsa = readVectors<'data' | 'signature'>('ecdsa-p256-sha256')
    it(`hold for ECDSA (${ecdsa.source})`, async () => {
      const { privateKey, publicKey } = ecdsa as typeof ecdsa & Record<string, string>
      const key = await crypto.importVerifyingKey(spkiOfPoint(fromHex(publicKey!)))
      const pair = await crypto.importSigningKeyPair(pkcs8(privateKey!))
      expect(pair.publicKey.spki).to.deep.equal(key.spki)
      for (const v of ecdsa.vectors) {
        const [signature, data] = [fromHex(v.signature), fromHex(v.data)]
        expect(await crypto.verify(key, signature, data)).to.equal(true)
      }
    })

    const cavp = readVectors<'publicKey' | 'data' | 'signature' | 'result'>(
      'ecdsa-p256-sha256-cavp',
    )
    it(`hold for ECDSA, valid and invalid (${cavp.source})`, async () => {
      for (const v of cavp.vectors) {
        const key = await crypto.importVerifyingKey(spkiOfPoint(fromHex(v.publicKey)))
        const holds = await crypto.verify(key, fromHex(v.signature), fromHex(v.data))
        expect(holds).to.equal(v.result === 'valid')
      }
    })

    const ecdh = readVectors<'publicKey' | 'privateKey' | 'shared'>('ecdh-p256')
    it(`hold for ECDH (${ecdh.source})`, async () => {
      for (const v of ecdh.vectors) {
        const own = await crypto.importAgreementKeyPair(pkcs8(v.privateKey))
        const theirs = await crypto.importAgreementPublicKey(spkiOfPoint(fromHex(v.publicKey)))
        expect(toHex(await crypto.agree(own.privateKey, theirs))).to.equal(v.shared)
      }
    })
  })
}

describe('published vectors: ML-KEM-768', () => {
  const keygen = readVectors<'d' | 'z' | 'ek' | 'dk'>('mlkem-768-keygen')
  it(`hold for key generation (${keygen.source})`, () => {
    for (const v of keygen.vectors) {
      const seed = concatBytes(fromHex(v.d), fromHex(v.z))
      for (const crypto of [nodeCrypto, webCrypto]) {
        expect(toHex(new KemKeyPair(crypto, seed).publicKey)).to.equal(v.ek)
      }
      expect(toHex(ml_kem768.keygen(seed).secretKey)).to.equal(v.dk)
    }
  })

  const encapsulation = readVectors<'ek' | 'm' | 'c' | 'k'>('mlkem-768-encapsulation')
  it(`hold for encapsulation (${encapsulation.source})`, () => {
    for (const v of encapsulation.vectors) {
      const { ciphertext, sharedSecret } = nobleKem(() => fromHex(v.m)).encapsulate(fromHex(v.ek))
      expect(toHex(ciphertext)).to.equal(v.c)
      expect(toHex(sharedSecret)).to.equal(v.k)
    }
  })

  const decapsulation = readVectors<'c' | 'k'>('mlkem-768-decapsulation')
  it(`hold for decapsulation (${decapsulation.source})`, () => {
    const { dk } = decapsulation as typeof decapsulation & Record<string, string>
    for (const v of decapsulation.vectors) {
      expect(toHex(ml_kem768.decapsulate(fromHex(v.c), fromHex(dk!)))).to.equal(v.k)
    }
  })
})
