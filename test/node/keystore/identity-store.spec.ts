import { expect } from 'chai'
import { MemoryStore } from '../../../src/chat/store/memory-store.ts'
import { RecordStore } from '../../../src/chat/store/record-store.ts'
import { Vault } from '../../../src/crypto/vault.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import {
  importIdentity,
  keptIdentity,
  keptPhrase,
  loadIdentity,
  restoreIdentity,
} from '../../../src/node/keystore/identity-store.ts'
import { rejection } from '../../chat/support/rejection.ts'
import type { Identity } from '../../../src/chat/identity/identity.ts'

const emptyRecords = (): RecordStore =>
  new RecordStore(new MemoryStore(), new Vault(nodeCrypto, nodeCrypto.randomBytes(32)))

function publicOf({ fingerprint, agreement, peerKey }: Identity): unknown {
  return [fingerprint, agreement.publicKey.spki, peerKey.publicKey.toString()]
}

describe('identity store', () => {
  let records: RecordStore
  beforeEach(() => {
    records = emptyRecords()
  })

  it('holds nobody at first, and the same person from the first start on', async () => {
    expect(await keptIdentity(nodeCrypto, records)).to.be.undefined
    const made = await loadIdentity(nodeCrypto, records)
    expect(publicOf(await loadIdentity(nodeCrypto, records))).to.deep.equal(publicOf(made))
    expect(await loadIdentity(nodeCrypto, emptyRecords()))
      .to.have.property('fingerprint')
      .that.does.not.equal(made.fingerprint)
  })

  it('gives 24 words from which another folder becomes the same person, with every key', async () => {
    const made = await loadIdentity(nodeCrypto, records)
    const phrase = await keptPhrase(records)
    expect(phrase.split(' ')).to.have.lengthOf(24)
    const elsewhere = emptyRecords()
    const typed = `  ${phrase.toUpperCase().replaceAll(' ', '\n')}\n`
    const restored = await restoreIdentity(nodeCrypto, elsewhere, typed)
    expect(publicOf(restored)).to.deep.equal(publicOf(made))
    expect(publicOf(await loadIdentity(nodeCrypto, elsewhere))).to.deep.equal(publicOf(made))
    expect(await keptPhrase(elsewhere)).to.equal(phrase)
  })

  it('takes no words that do not belong together, and stays empty then', async () => {
    await loadIdentity(nodeCrypto, records)
    const words = (await keptPhrase(records)).split(' ')
    const wrong = Array<string>(24).fill('abandon').join(' ')
    const elsewhere = emptyRecords()
    for (const phrase of [wrong, words.slice(1).join(' '), '']) {
      const attempt = () => restoreIdentity(nodeCrypto, elsewhere, phrase)
      expect(await rejection(attempt)).to.equal('InvalidRecoveryPhraseError')
    }
    expect(await elsewhere.isEmpty()).to.be.true
  })

  it('is not overwritten by another identity', async () => {
    const { signing, fingerprint } = await loadIdentity(nodeCrypto, records)
    const phrase = await keptPhrase(records)
    const attempts = [
      () => restoreIdentity(nodeCrypto, records, phrase),
      () => importIdentity(nodeCrypto, records, { signing }),
    ]
    for (const attempt of attempts) {
      expect(await rejection(attempt)).to.equal('IdentityExistsError')
    }
    expect(await loadIdentity(nodeCrypto, records)).to.have.property('fingerprint', fingerprint)
  })

  it('keeps imported keys, which have no phrase, on a peer of their own', async () => {
    const made = await loadIdentity(nodeCrypto, records)
    const elsewhere = emptyRecords()
    const imported = await importIdentity(nodeCrypto, elsewhere, made)
    expect(imported.fingerprint).to.equal(made.fingerprint)
    expect(imported.agreement.publicKey.spki).to.deep.equal(made.agreement.publicKey.spki)
    expect(imported.peerKey.publicKey.equals(made.peerKey.publicKey)).to.be.false
    expect(publicOf(await loadIdentity(nodeCrypto, elsewhere))).to.deep.equal(publicOf(imported))
    expect(await rejection(() => keptPhrase(elsewhere))).to.equal('NoRecoveryPhraseError')
  })

  it('makes an agreement key when only a signing key is imported', async () => {
    const signing = nodeCrypto.generateSigningKeyPair()
    const imported = await importIdentity(nodeCrypto, records, { signing: await signing })
    expect(publicOf(await loadIdentity(nodeCrypto, records))).to.deep.equal(publicOf(imported))
  })
})
