import { expect } from 'chai'
import { privateKeyFromRaw } from '@libp2p/crypto/keys'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { toHex } from '../../../src/crypto/bytes.ts'
import { fingerprintOf } from '../../../src/crypto/fingerprint.ts'
import { openVault, Vault } from '../../../src/crypto/vault.ts'
import { webCrypto } from '../../../src/crypto/web-crypto.ts'
import {
  deriveKeys,
  openSecrets,
  PEER_KEY_PATH,
  usableKeys,
} from '../../../src/node/browser/browser-keys.ts'
import { CryptoKeyCipher } from '../../../src/node/browser/crypto-key-cipher.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { keptPhrase, loadIdentity } from '../../../src/node/keystore/identity-store.ts'
import { entropyOf } from '../../../src/node/keystore/phrase-entropy.ts'
import { rejection } from '../../chat/support/rejection.ts'

describe('keys of a browser profile', () => {
  const records = new RecordStore(
    new MemoryStore(),
    new Vault(nodeCrypto, nodeCrypto.randomBytes(32)),
  )

  it('are the same person’s as the same phrase’s in Node.js', async () => {
    const there = await loadIdentity(nodeCrypto, records)
    const here = await deriveKeys(await keptPhrase(records))
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', here.signing.publicKey))
    expect(fingerprintOf(webCrypto, spki)).to.equal(there.fingerprint)
    const peer = await new CryptoKeyCipher(here.vault).open(PEER_KEY_PATH, here.peer)
    expect(privateKeyFromRaw(peer).equals(there.peerKey)).to.be.true
  })

  it('cannot be read by any script, and sign and agree all the same', async () => {
    await loadIdentity(nodeCrypto, records)
    const { vault, keeper, signing, agreement } = await deriveKeys(await keptPhrase(records))
    for (const key of [vault, keeper, signing.privateKey, agreement.privateKey]) {
      expect(key.extractable).to.be.false
    }
    for (const key of [signing.privateKey, agreement.privateKey]) {
      const attempt = () => crypto.subtle.exportKey('pkcs8', key)
      expect(await rejection(attempt)).to.equal('InvalidAccessError')
    }
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    const data = Uint8Array.of(1)
    const signature = await crypto.subtle.sign(algorithm, signing.privateKey, data)
    expect(await crypto.subtle.verify(algorithm, signing.publicKey, signature, data)).to.be.true
    const ecdh = { name: 'ECDH', public: agreement.publicKey }
    expect(await crypto.subtle.deriveBits(ecdh, agreement.privateKey, 256)).to.have.property(
      'byteLength',
      32,
    )
  })

  it('keep what they come from sealed, for the keeper alone', async () => {
    await loadIdentity(nodeCrypto, records)
    const entropy = entropyOf(await keptPhrase(records))
    const kept = await deriveKeys(await keptPhrase(records))
    const vault = await openVault(webCrypto, { cryptoKey: kept.keeper }, kept.header)
    const secrets = await openSecrets(vault, kept.secrets)
    expect(secrets.entropy).to.deep.equal(entropy)
    expect(toHex(kept.secrets)).to.not.contain(toHex(entropy))
    const attempt = () => openVault(webCrypto, { cryptoKey: kept.vault }, kept.header)
    expect(await rejection(attempt)).to.equal('WrongPassphraseError')
  })

  it('come again from what is kept: the same person, and the same key for the records', async () => {
    await loadIdentity(nodeCrypto, records)
    const kept = await deriveKeys(await keptPhrase(records))
    const sealed = await new CryptoKeyCipher(kept.vault).seal('a', Uint8Array.of(7))
    const vault = await openVault(webCrypto, { cryptoKey: kept.keeper }, kept.header)
    const again = await usableKeys(await openSecrets(vault, kept.secrets))
    expect(again.vault.extractable).to.be.false
    expect(await new CryptoKeyCipher(again.vault).open('a', sealed)).to.deep.equal(Uint8Array.of(7))
    const [before, after] = await Promise.all(
      [kept, again].map(({ signing }) => crypto.subtle.exportKey('spki', signing.publicKey)),
    )
    expect(new Uint8Array(after!)).to.deep.equal(new Uint8Array(before!))
  })

  it('are not made of words that do not belong together', async () => {
    const wrong = Array<string>(24).fill('abandon').join(' ')
    expect(await rejection(() => deriveKeys(wrong))).to.equal('InvalidRecoveryPhraseError')
  })
})
