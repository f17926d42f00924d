import { expect } from 'chai'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { inspect } from 'node:util'
import { toHex, utf8 } from '../../../src/crypto/bytes.ts'
import { decodePkcs8 } from '../../../src/crypto/p256-encoding.ts'
import { nodeCrypto } from '../../../src/node/crypto/node-crypto.ts'
import { openDataFolder } from '../../../src/node/data-folder.ts'
import {
  importIdentity,
  keptPhrase,
  loadIdentity,
} from '../../../src/node/keystore/identity-store.ts'
import { NO_PASSPHRASE } from '../../../src/node/keystore/passphrase.ts'
import { entropyOf } from '../../../src/node/keystore/phrase-entropy.ts'
import type { Identity } from '../../../src/chat/identity/identity.ts'
import type { PassphraseSource } from '../../../src/node/keystore/passphrase.ts'

const PASSPHRASE = 'correct horse battery'
const given: PassphraseSource = { isGiven: true, ask: () => Promise.resolve(PASSPHRASE) }

/** Every form in which a secret might lie in a file. */
function forms(secret: Uint8Array): readonly (readonly [string, Buffer])[] {
  const hex = toHex(secret)
  const base64 = Buffer.from(secret).toString('base64')
  return [
    ['raw', Buffer.from(secret)],
    ['hex', Buffer.from(hex)],
    ['upper-case hex', Buffer.from(hex.toUpperCase())],
    ['base64', Buffer.from(base64.slice(0, 40))],
  ]
}

async function secretsOf(identity: Identity): Promise<(readonly [string, Uint8Array])[]> {
  const scalar = async (key: Parameters<typeof nodeCrypto.exportPrivateKey>[0]) =>
    decodePkcs8(await nodeCrypto.exportPrivateKey(key)).scalar
  return [
    ['signing key', await scalar(identity.signing.privateKey)],
    ['agreement key', await scalar(identity.agreement.privateKey)],
    ['peer key', identity.peerKey.raw.slice(0, 32)],
  ]
}

function found(folder: string, secrets: readonly (readonly [string, Uint8Array])[]): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  expect(files.length).to.be.greaterThan(6)
  return files.flatMap((file) => {
    const bytes = readFileSync(path.join(file.parentPath, file.name))
    return secrets.flatMap(([what, secret]) =>
      forms(secret)
        .filter(([, form]) => bytes.includes(form))
        .map(([form]) => `${file.name}: ${what}, ${form}`),
    )
  })
}

describe('secrets at rest', function () {
  this.timeout(60_000)
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sotto-rest-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  for (const [way, passphrases] of [
    ['a key file', NO_PASSPHRASE],
    ['a passphrase', given],
  ] as const) {
    it(`are in no file of a data folder under ${way}`, async () => {
      const data = await openDataFolder(folder, passphrases)
      const identity = await loadIdentity(nodeCrypto, data.records)
      const phrase = await keptPhrase(data.records)
      const words = phrase.split(' ')
      const secrets: (readonly [string, Uint8Array])[] = [
        ...(await secretsOf(identity)),
        ['entropy', entropyOf(phrase)],
        ['phrase', utf8(phrase)],
        ['three words', utf8(words.slice(0, 3).join(' '))],
        ['passphrase', utf8(PASSPHRASE)],
      ]
      await data.records.close()
      await data.close()
      expect(found(folder, secrets)).to.deep.equal([])
    })
  }

  it('are in no file after an import', async () => {
    const data = await openDataFolder(folder)
    const signing = await nodeCrypto.generateSigningKeyPair()
    const secrets = await secretsOf(await importIdentity(nodeCrypto, data.records, { signing }))
    await data.records.close()
    await data.close()
    expect(found(folder, secrets)).to.deep.equal([])
  })

  it('are found by this search where they do lie', async () => {
    const data = await openDataFolder(folder)
    await data.records.close()
    await data.close()
    // Except that it can be found, the key file is the one secret that has to lie open.
    const key = readFileSync(path.join(folder, 'vault.key'))
    expect(found(folder, [['vault key', key]])).to.deep.equal(['vault.key: vault key, raw'])
  })

  it('are not printed with the identity', async () => {
    const data = await openDataFolder(folder)
    const { signing, agreement } = await loadIdentity(nodeCrypto, data.records)
    await data.records.close()
    await data.close()
    for (const key of [signing.privateKey, agreement.privateKey]) {
      expect(inspect(key, { depth: 9, showHidden: true })).to.match(/redacted/u)
      expect(JSON.stringify(key)).to.match(/redacted/u)
    }
  })
})
