import { expect } from 'chai'
import { createPrivateKey } from 'node:crypto'
import { pkcs8FromEncryptedPem, pkcs8ToEncryptedPem } from '../../src/crypto/encrypted-pem.ts'
import { fromPem, toPem } from '../../src/crypto/pem.ts'
import { nodeCrypto as crypto } from '../../src/node/crypto/node-crypto.ts'
import { rejection } from './support/rejection.ts'

const PASSPHRASE = 'pâté'

describe('keys as text under a passphrase', () => {
  let pkcs8: Uint8Array
  let pem: string

  before(async () => {
    pkcs8 = await crypto.exportPrivateKey((await crypto.generateSigningKeyPair()).privateKey)
    pem = await pkcs8ToEncryptedPem(pkcs8, PASSPHRASE, (length) => crypto.randomBytes(length))
  })

  it('come back with the passphrase, and with no other', async () => {
    expect(pem).to.match(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/)
    expect(await pkcs8FromEncryptedPem(pem, PASSPHRASE)).to.deep.equal(pkcs8)
    for (const wrong of ['', 'pate']) {
      const attempt = () => pkcs8FromEncryptedPem(pem, wrong)
      expect(await rejection(attempt)).to.equal('WrongPassphraseError')
    }
  })

  it('are read by OpenSSL, and those of OpenSSL by us', async () => {
    const theirs = createPrivateKey({ key: pem, format: 'pem', passphrase: PASSPHRASE })
    expect(new Uint8Array(theirs.export({ type: 'pkcs8', format: 'der' }))).to.deep.equal(pkcs8)
    const written = theirs.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: PASSPHRASE,
    })
    expect(await pkcs8FromEncryptedPem(written.toString(), PASSPHRASE)).to.deep.equal(pkcs8)
  })

  it('are refused when cut, stretched or encrypted otherwise', async () => {
    const der = fromPem('ENCRYPTED PRIVATE KEY', pem)
    const changed = (at: number, value: number) => {
      const out = der.slice()
      out[at] = value
      return out
    }
    const oid = der.findIndex((_, i) => der[i] === 0x2a && der[i + 8] === 0x0d)
    for (const wrong of [
      new Uint8Array([1]),
      der.subarray(0, -1),
      new Uint8Array([...der, 0]),
      changed(0, 0x31),
      changed(1, 0x84),
      changed(oid + 8, 0x03),
      // One byte more inside the outer sequence, whose length says so.
      new Uint8Array([0x30, 0x81, (der[2] ?? 0) + 2, ...der.subarray(3), 5, 0]),
    ]) {
      const attempt = () => pkcs8FromEncryptedPem(toPem('ENCRYPTED PRIVATE KEY', wrong), PASSPHRASE)
      expect(await rejection(attempt)).to.equal('InvalidKeyError')
    }
    const plain = () => pkcs8FromEncryptedPem(toPem('PRIVATE KEY', pkcs8), PASSPHRASE)
    expect(await rejection(plain)).to.equal('InvalidKeyError')
  })
})
