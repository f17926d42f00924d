/**
 * ML-KEM-768 by OpenSSL: an eighth of what noble's plain JavaScript costs. Keys pass in DER, which is their bytes behind a
 * fixed header. A key lives for one turn of the event loop, in which many letters are opened: what was destroyed here is
 * not long in OpenSSL.
 */
import {
  createPrivateKey,
  createPublicKey,
  decapsulate,
  encapsulate,
  type KeyObject,
} from 'node:crypto'
import { wipe } from '../../crypto/bytes.ts'
import { InvalidKeyError } from '../../crypto/errors.ts'
import type { Kem } from '../../crypto/port.ts'

/** draft-ietf-lamps-kyber-certificates §6: PKCS#8 with the seed alone; id-alg-ml-kem-768. */
const SEED_PKCS8 = Buffer.from('3054020100300b060960864801650304040204428040', 'hex')
/** The same, §4: SubjectPublicKeyInfo. */
const SPKI = Buffer.from('308204b2300b0609608648016503040402038204a100', 'hex')

export const nodeKem: Kem = {
  publicKeyOf(seed) {
    const spki = createPublicKey(privateKeyOf(seed)).export({ type: 'spki', format: 'der' })
    return new Uint8Array(spki.subarray(SPKI.length))
  },

  encapsulate(publicKey) {
    try {
      const key = Buffer.concat([SPKI, publicKey])
      const made = encapsulate(createPublicKey({ key, format: 'der', type: 'spki' }))
      return { ciphertext: plain(made.ciphertext), sharedSecret: plain(made.sharedKey) }
    } catch (cause) {
      throw new InvalidKeyError('an invalid ML-KEM key', { cause })
    }
  },

  decapsulate(seed, ciphertext) {
    return plain(decapsulate(privateKeyOf(seed), ciphertext))
  },
}

let recent: { readonly seed: Uint8Array; readonly key: KeyObject } | undefined

function privateKeyOf(seed: Uint8Array): KeyObject {
  if (recent?.seed === seed) return recent.key
  if (recent === undefined) setImmediate(() => (recent = undefined))
  recent = { seed, key: importSeed(seed) }
  return recent.key
}

function importSeed(seed: Uint8Array): KeyObject {
  const key = Buffer.concat([SEED_PKCS8, seed])
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  } finally {
    wipe(key)
  }
}

function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
