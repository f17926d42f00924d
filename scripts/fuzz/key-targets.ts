/** Keys, phrases, codes, vouches and what is kept at rest. */
import { Vault } from '../../src/crypto/vault.ts'
import { utf8 } from '../../src/crypto/bytes.ts'
import { pkcs8FromEncryptedPem, pkcs8ToEncryptedPem } from '../../src/crypto/encrypted-pem.ts'
import { decodePkcs8 } from '../../src/crypto/p256-encoding.ts'
import { decompressToSpki } from '../../src/crypto/p256-points.ts'
import { fromPem, pkcs8ToPem, spkiToPem } from '../../src/crypto/pem.ts'
import { makeRecoveryPhrase, normaliseRecoveryPhrase } from '../../src/crypto/recovery-phrase.ts'
import { safetyCode, safetyCodeMatches } from '../../src/crypto/safety-number.ts'
import { createVault, openVault, wantsUpgrade } from '../../src/crypto/vault.ts'
import { makeVouch, verifyVouch } from '../../src/crypto/vouch.ts'
import { webCrypto } from '../../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../../src/node/crypto/node-crypto.ts'
import { mutateText } from './mutate.ts'
import type { Target } from './target.ts'
import { credulous, NOW_MS, type World } from './world.ts'

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

export async function keyTargets(world: World): Promise<Target[]> {
  const { crypto, alice, bob } = world
  const { spki } = alice.signing.publicKey
  const pkcs8 = await crypto.exportPrivateKey(alice.signing.privateKey)
  const encryptedPem = await pkcs8ToEncryptedPem(pkcs8, 'x', (length) => crypto.randomBytes(length))
  const encryptedDer = fromPem('ENCRYPTED PRIVATE KEY', encryptedPem)
  const compressed = Uint8Array.from([2 + ((spki.at(-1) ?? 0) & 1), ...spki.subarray(27, 59)])
  const vouch = await makeVouch(
    crypto,
    alice.signing,
    bob.fingerprint,
    NOW_MS - 1000,
    NOW_MS + 1000,
  )
  const phrase = utf8(makeRecoveryPhrase(crypto))
  const code = utf8(safetyCode(bob.fingerprint, alice.fingerprint))
  const unlock = { keyFile: new Uint8Array(32).fill(9) }
  const { vault, header } = await createVault(crypto, unlock)
  const value = await vault.seal('message/1', utf8('{"text":"kept"}'))
  const cipher = new Vault(nodeCrypto, new Uint8Array(32).fill(7))
  const record = await cipher.seal('message/1', utf8('{"text":"kept"}'))
  const invalidKey = ['InvalidKeyError']

  return [
    {
      name: 'spki.node',
      weight: 40,
      seeds: [spki],
      named: invalidKey,
      parse: (b) => nodeCrypto.importVerifyingKey(b),
    },
    {
      name: 'spki.web',
      weight: 10,
      seeds: [spki],
      named: invalidKey,
      parse: (b) => webCrypto.importAgreementPublicKey(b),
    },
    { name: 'pkcs8', weight: 100, seeds: [pkcs8], named: invalidKey, parse: decodePkcs8 },
    {
      name: 'pkcs8.node',
      weight: 10,
      seeds: [pkcs8],
      named: invalidKey,
      parse: (b) => nodeCrypto.importSigningKeyPair(b),
    },
    {
      name: 'pkcs8.web',
      weight: 3,
      seeds: [pkcs8],
      named: invalidKey,
      parse: (b) => webCrypto.importSigningKeyPair(b),
    },
    {
      name: 'compressed-point',
      weight: 40,
      seeds: [compressed],
      named: invalidKey,
      parse: decompressToSpki,
    },
    {
      name: 'pem',
      weight: 100,
      seeds: [utf8(spkiToPem(spki)), utf8(pkcs8ToPem(pkcs8))],
      named: invalidKey,
      mutate: mutateText,
      parse: (bytes) => fromPem('PUBLIC KEY', textOf(bytes)),
    },
    {
      // one in a few keeps its 600,000 iterations, or is given more of them
      name: 'encrypted-pem',
      weight: 0.02,
      seeds: [encryptedDer],
      named: [...invalidKey, 'WrongPassphraseError'],
      parse: (bytes) => {
        const body = Buffer.from(bytes).toString('base64')
        const label = 'ENCRYPTED PRIVATE KEY'
        return pkcs8FromEncryptedPem(
          `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`,
          'x',
        )
      },
    },
    {
      name: 'recovery-phrase',
      weight: 40,
      seeds: [phrase],
      named: ['InvalidRecoveryPhraseError'],
      mutate: mutateText,
      parse: (bytes) => normaliseRecoveryPhrase(textOf(bytes)),
    },
    {
      name: 'safety-code',
      weight: 60,
      seeds: [code],
      named: ['InvalidSafetyCodeError'],
      mutate: mutateText,
      parse: (bytes) => safetyCodeMatches(textOf(bytes), alice.fingerprint, bob.fingerprint),
    },
    {
      name: 'vouch',
      weight: 10,
      seeds: [vouch],
      named: ['InvalidVouchError'],
      parse: (b) => verifyVouch(nodeCrypto, b, NOW_MS),
    },
    {
      name: 'vouch.signed',
      weight: 20,
      seeds: [vouch],
      named: ['InvalidVouchError'],
      parse: (b) => verifyVouch(credulous(nodeCrypto), b, NOW_MS),
    },
    {
      name: 'vault.header',
      weight: 40,
      seeds: [header],
      named: ['WrongPassphraseError'],
      parse: async (bytes) => {
        await openVault(nodeCrypto, unlock, bytes)
        return wantsUpgrade(bytes)
      },
    },
    {
      name: 'vault.value',
      weight: 40,
      seeds: [value],
      named: ['DecryptionError'],
      parse: (b) => vault.open('message/1', b),
    },
    {
      name: 'store.value',
      weight: 40,
      seeds: [record],
      named: ['DecryptionError'],
      parse: (b) => cipher.open('message/1', b),
    },
  ]
}
