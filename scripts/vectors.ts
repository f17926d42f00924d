/**
 * Runs a folder of Wycheproof files through every crypto backend and prints, a file and backend, how many tests
 * passed, failed and were left out, and why. `tsx scripts/vectors.ts DIR`; exits 1 when one failed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { p256 } from '@noble/curves/nist.js'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { concatBytes, equalBytes, fromHex } from '../src/crypto/bytes.ts'
import { KemKeyPair } from '../src/crypto/handshake/kem.ts'
import { encodePkcs8, spkiOfPoint } from '../src/crypto/p256-encoding.ts'
import type { CryptoPort } from '../src/crypto/port.ts'
import { webCrypto } from '../src/crypto/web-crypto.ts'
import { nodeCrypto } from '../src/node/crypto/node-crypto.ts'

type Fields = Readonly<Record<string, unknown>>
/** True when the operation succeeded and gave what the file says; a string is why the test is left out. */
type Outcome = boolean | string
type Runner = (crypto: CryptoPort, test: Fields, group: Fields) => Promise<Outcome>

function hex(fields: Fields, name: string): Uint8Array {
  const value = fields[name]
  return typeof value === 'string' ? fromHex(value) : new Uint8Array()
}

function base64url(value: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(String(value), 'base64url'))
}

/** A scalar at exactly 32 bytes, whatever zeros stand in front of it. */
function pkcs8Of(privateKey: Uint8Array): Uint8Array {
  const padded = concatBytes(new Uint8Array(32), privateKey).slice(-32)
  return encodePkcs8(padded, p256.getPublicKey(padded, false))
}

async function agrees(
  crypto: CryptoPort,
  point: Uint8Array,
  privateKey: Uint8Array,
  shared: Uint8Array,
): Promise<boolean> {
  const own = await crypto.importAgreementKeyPair(pkcs8Of(privateKey))
  const isCompressed = point[0] === 2 || point[0] === 3
  const theirs = isCompressed
    ? await crypto.importCompressedAgreementKey(point)
    : await crypto.importAgreementPublicKey(spkiOfPoint(point))
  return equalBytes(await crypto.agree(own.privateKey, theirs), shared)
}

const RUNNERS: Readonly<Record<string, Runner>> = {
  async AeadTest(crypto, test, group) {
    if (group['keySize'] !== 256) return 'AES-128 and AES-192'
    if (group['ivSize'] !== 96) return 'nonces other than 96 bits'
    const [key, nonce, associated] = [hex(test, 'key'), hex(test, 'iv'), hex(test, 'aad')]
    const whole = concatBytes(hex(test, 'ct'), hex(test, 'tag'))
    const plaintext = await crypto.aesGcmOpen(key, nonce, whole, associated)
    const sealed = await crypto.aesGcmSeal(key, nonce, plaintext, associated)
    return equalBytes(plaintext, hex(test, 'msg')) && equalBytes(sealed, whole)
  },

  async HkdfTest(crypto, test) {
    const size = Number(test['size'])
    const okm = crypto.hkdfSha256(hex(test, 'ikm'), hex(test, 'salt'), hex(test, 'info'), size)
    return equalBytes(okm, hex(test, 'okm'))
  },

  async EcdhEcpointTest(crypto, test) {
    return agrees(crypto, hex(test, 'public'), hex(test, 'private'), hex(test, 'shared'))
  },

  async EcdhWebcryptoTest(crypto, test) {
    const [theirs, own] = [test['public'] as Fields, test['private'] as Fields]
    if (theirs['crv'] !== 'P-256') return false
    const point = concatBytes(Uint8Array.of(4), base64url(theirs['x']), base64url(theirs['y']))
    return agrees(crypto, point, base64url(own['d']), hex(test, 'shared'))
  },

  async EcdsaP1363Verify(crypto, test, group) {
    const key = await crypto.importVerifyingKey(hex(group, 'publicKeyDer'))
    return crypto.verify(key, hex(test, 'sig'), hex(test, 'msg'))
  },

  EcdsaVerify: () => Promise.resolve('signatures in DER, which no backend takes'),

  async MLKEMKeyGen(crypto, test) {
    return equalBytes(new KemKeyPair(crypto, hex(test, 'seed')).publicKey, hex(test, 'ek'))
  },

  /** The known randomness can be given to noble's only; which key is none, both must know. */
  async MLKEMEncapsTest(crypto, test) {
    crypto.kem.encapsulate(hex(test, 'ek'))
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(hex(test, 'ek'), hex(test, 'm'))
    return equalBytes(cipherText, hex(test, 'c')) && equalBytes(sharedSecret, hex(test, 'K'))
  },

  /** Of the port's two the one that takes such keys below it is noble's. */
  async MLKEMDecapsValidationTest(crypto, test) {
    if (crypto.name === 'node') return 'expanded keys, which the port does not take'
    const shared = ml_kem768.decapsulate(hex(test, 'c'), hex(test, 'dk'))
    return test['K'] === undefined || equalBytes(shared, hex(test, 'K'))
  },

  async MLKEMTest(crypto, test) {
    const pair = new KemKeyPair(crypto, hex(test, 'seed'))
    const sameKey = test['ek'] === undefined || equalBytes(pair.publicKey, hex(test, 'ek'))
    return sameKey && equalBytes(pair.decapsulate(hex(test, 'c')), hex(test, 'K'))
  },
}

async function outcomeOf(runner: Runner, crypto: CryptoPort, test: Fields, group: Fields) {
  try {
    return await runner(crypto, test, group)
  } catch {
    return false
  }
}

/** True when nothing failed. */
async function runFile(path: string, name: string, crypto: CryptoPort): Promise<boolean> {
  const { testGroups } = JSON.parse(readFileSync(path, 'utf8')) as { testGroups: Fields[] }
  let passed = 0
  const failed: unknown[] = []
  const leftOut = new Map<string, number>()
  for (const group of testGroups) {
    const type = String(group['type'])
    const runner = RUNNERS[type] ?? (() => Promise.resolve(`tests of type ${type}`))
    for (const test of group['tests'] as Fields[]) {
      const outcome = await outcomeOf(runner, crypto, test, group)
      if (typeof outcome === 'string') leftOut.set(outcome, (leftOut.get(outcome) ?? 0) + 1)
      // An `acceptable` test is one where either answer is right.
      else if (test['result'] === 'acceptable' || outcome === (test['result'] === 'valid')) passed++
      else failed.push(test['tcId'])
    }
  }
  const why = [...leftOut].map(([reason, count]) => `${count} ${reason}`).join(', ')
  const omitted = [...leftOut.values()].reduce((sum, count) => sum + count, 0)
  console.log(
    `${crypto.name}  ${name}: ${passed} passed, ${failed.length} failed, ${omitted} left out${
      why === '' ? '' : ` (${why})`
    }${failed.length === 0 ? '' : `; failed: ${failed.join(' ')}`}`,
  )
  return failed.length === 0
}

const folder = process.argv[2]
if (folder === undefined) {
  console.error('usage: vectors DIR, a folder of Wycheproof JSON files')
  process.exit(2)
}
let good = true
for (const name of readdirSync(folder).filter((each) => each.endsWith('.json'))) {
  for (const crypto of [nodeCrypto, webCrypto]) {
    good = (await runFile(join(folder, name), name, crypto)) && good
  }
}
process.exitCode = good ? 0 : 1
