import { expect } from 'chai'
import { toHex } from '../../src/crypto/bytes.ts'
import {
  keysOfRecoveryPhrase,
  makeRecoveryPhrase,
  normaliseRecoveryPhrase,
} from '../../src/crypto/recovery-phrase.ts'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { rejection } from './support/rejection.ts'
import { readVectors } from './support/vector-files.ts'

describe('recovery phrase', () => {
  it('is 24 words, another each time', () => {
    const phrase = makeRecoveryPhrase(nodeCrypto)
    expect(phrase.split(' ')).to.have.length(24)
    expect(makeRecoveryPhrase(nodeCrypto)).to.not.equal(phrase)
    expect(normaliseRecoveryPhrase(phrase)).to.equal(phrase)
  })

  it('gives the keys of the known answers, in both backends', async () => {
    const file = readVectors<'phrase' | 'signing' | 'agreement' | 'ed25519Seed'>('recovery-phrase')
    for (const crypto of [nodeCrypto, webCrypto]) {
      for (const vector of file.vectors) {
        const keys = await keysOfRecoveryPhrase(crypto, vector.phrase)
        expect(toHex(await crypto.exportPrivateKey(keys.signing.privateKey))).to.equal(
          vector.signing,
        )
        expect(toHex(await crypto.exportPrivateKey(keys.agreement.privateKey))).to.equal(
          vector.agreement,
        )
        expect(toHex(keys.ed25519Seed)).to.equal(vector.ed25519Seed)
      }
    }
  })

  it('may be typed in capitals and with any white space', async () => {
    const phrase = makeRecoveryPhrase(nodeCrypto)
    const typed = `  ${phrase.toUpperCase().replaceAll(' ', '\n ')} `
    const [one, two] = [
      await keysOfRecoveryPhrase(nodeCrypto, phrase),
      await keysOfRecoveryPhrase(nodeCrypto, typed),
    ]
    expect(one.signing.publicKey.spki).to.deep.equal(two.signing.publicKey.spki)
    expect(one.signing.publicKey.spki).to.not.deep.equal(one.agreement.publicKey.spki)
  })

  it('is refused with a word missing, unknown or exchanged, and no word is repeated to the log', async () => {
    const phrase = makeRecoveryPhrase(nodeCrypto)
    const words = phrase.split(' ')
    const wrong = [
      '',
      words.slice(1).join(' '),
      [...words.slice(0, 23), 'sotto'].join(' '),
      // Twelve words are a good BIP-39 phrase, and too little for us.
      'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
      `${'abandon '.repeat(23)}about`,
    ]
    for (const typed of wrong) {
      const attempt = () => keysOfRecoveryPhrase(nodeCrypto, typed)
      expect(await rejection(attempt)).to.equal('InvalidRecoveryPhraseError')
      expect(await attempt().catch((err: unknown) => String(err))).to.not.match(/abandon|sotto/)
    }
  })

  it('gives keys that stay in the backend when asked', async () => {
    const keys = await keysOfRecoveryPhrase(webCrypto, makeRecoveryPhrase(webCrypto), {
      extractable: false,
    })
    const leak = () => webCrypto.exportPrivateKey(keys.signing.privateKey)
    expect(await rejection(leak)).to.equal('InvalidKeyError')
  })
})
