import { expect } from 'chai'
import { p256 } from '@noble/curves/nist.js'
import { fromHex, toHex } from '../../src/crypto/bytes.ts'
import { encodePkcs8, spkiOfPoint } from '../../src/crypto/p256-encoding.ts'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { readVectors } from './support/vector-files.ts'

function pkcs8(scalarHex: string): Uint8Array {
  const scalar = fromHex(scalarHex)
  return encodePkcs8(scalar, p256.getPublicKey(scalar, false))
}

for (const crypto of [nodeCrypto, webCrypto]) {
  describe(`published vectors: ${crypto.name}`, () => {
    const sha256 = readVectors<'data' | 'digest'>('sha256')
    it(`hold for SHA-256 (${sha256.source})`, () => {
      for (const v of sha256.vectors)
        expect(toHex(crypto.sha256(fromHex(v.data)))).to.equal(v.digest)
    })

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

    const gcm = readVectors<
      'key' | 'nonce' | 'plaintext' | 'associatedData' | 'ciphertext' | 'tag'
    >('aes-256-gcm')
    it(`hold for AES-256-GCM (${gcm.source})`, async () => {
      for (const v of gcm.vectors) {
        const [key, nonce, associated] = [v.key, v.nonce, v.associatedData].map(fromHex)
        const sealed = await crypto.aesGcmSeal(key!, nonce!, fromHex(v.plaintext), associated!)
        expect(toHex(sealed)).to.equal(v.ciphertext + v.tag)
        const opened = await crypto.aesGcmOpen(key!, nonce!, sealed, associated!)
        expect(toHex(opened)).to.equal(v.plaintext)
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
