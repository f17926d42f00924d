import { expect } from 'chai'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { fingerprintOf, groupFingerprint, isFingerprint } from '../../src/crypto/fingerprint.ts'
import { compressSpki, decompressToSpki } from '../../src/crypto/p256-points.ts'
import { pkcs8FromPem, pkcs8ToPem, spkiFromPem, spkiToPem } from '../../src/crypto/pem.ts'
import { nodeCrypto as crypto } from '../../src/node/crypto/node-crypto.ts'
import { rejection } from './support/rejection.ts'

describe('keys as text', () => {
  it('are the PEM that OpenSSL writes and reads', async () => {
    const { privateKey, publicKey } = await crypto.generateSigningKeyPair()
    const pkcs8 = await crypto.exportPrivateKey(privateKey)
    const publicPem = spkiToPem(publicKey.spki)
    const privatePem = pkcs8ToPem(pkcs8)
    expect(createPublicKey(publicPem).export({ type: 'spki', format: 'pem' })).to.equal(publicPem)
    const theirs = createPrivateKey(privatePem).export({ type: 'pkcs8', format: 'pem' })
    expect(theirs).to.equal(privatePem)
    expect(spkiFromPem(publicPem)).to.deep.equal(publicKey.spki)
    expect(pkcs8FromPem(`\r\n${privatePem.replaceAll('\n', '\r\n')}`)).to.deep.equal(pkcs8)
  })

  it('are refused when they are anything else', async () => {
    const { publicKey } = await crypto.generateSigningKeyPair()
    const pem = spkiToPem(publicKey.spki)
    const wrong = [
      '',
      'MFkw',
      pem.replace('BEGIN', 'END'),
      pem.replaceAll('PUBLIC', 'PRIVATE'),
      pem.slice(0, -20),
      pem + pem,
      pem.replace('MFkw', 'MF!w'),
      `${'A'.repeat(5000)}${pem}`,
      '-----BEGIN PUBLIC KEY-----END PUBLIC KEY-----',
    ]
    for (const text of wrong) {
      expect(await rejection(() => spkiFromPem(text))).to.equal('InvalidKeyError')
    }
  })

  it('have a fingerprint of 64 digits, shown in groups of four', async () => {
    const { publicKey } = await crypto.generateSigningKeyPair()
    const fingerprint = fingerprintOf(crypto, publicKey.spki)
    expect(isFingerprint(fingerprint)).to.equal(true)
    expect(isFingerprint(fingerprint.toUpperCase())).to.equal(false)
    expect(groupFingerprint(fingerprint)).to.match(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/)
    const short = () => fingerprintOf(crypto, publicKey.spki.subarray(1))
    expect(await rejection(short)).to.equal('InvalidKeyError')
  })

  it('come back from their compressed points', async () => {
    for (let i = 0; i < 8; i++) {
      const { publicKey } = await crypto.generateAgreementKeyPair()
      expect(decompressToSpki(compressSpki(publicKey.spki))).to.deep.equal(publicKey.spki)
    }
    for (const wrong of [new Uint8Array(33), new Uint8Array(32), new Uint8Array(33).fill(255)]) {
      expect(await rejection(() => decompressToSpki(wrong))).to.equal('InvalidKeyError')
    }
  })
})
