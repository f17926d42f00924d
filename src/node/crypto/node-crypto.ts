/**
 * The crypto port over `node:crypto`, all synchronous: one call is a fraction of WebCrypto's hop to its thread pool.
 * Buffers are turned into plain `Uint8Array`s at the door, because `Buffer#slice` shares memory and theirs does not.
 */
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { concatBytes, equalBytes, fromHex, wipe } from '../../crypto/bytes.ts'
import { DecryptionError, InvalidKeyError } from '../../crypto/errors.ts'
import { KeyTable } from '../../crypto/key-handles.ts'
import { decodePkcs8, encodePkcs8, pointOfSpki, spkiOfPoint } from '../../crypto/p256-encoding.ts'
import { COMPRESSED_BYTES } from '../../crypto/p256-points.ts'
import type {
  AgreementKeyPair,
  AgreementPublicKey,
  CryptoPort,
  KeyOptions,
  SigningKeyPair,
  VerifyingKey,
} from '../../crypto/port.ts'
import { derToRaw, rawToDer } from './der-signature.ts'
import { hkdf, hmac, oneShotSha256 } from './node-hmac.ts'
import { nodeKem } from './node-kem.ts'
import { plainBytes } from './plain-bytes.ts'
import { randomFromPool } from './random-pool.ts'

const TAG_BYTES = 16
const BASE64 = 'base64url'
const UNCOMPRESSED = Uint8Array.of(4)
// RFC 5480 §2.2 with the point of 33 bytes
const COMPRESSED_SPKI_PREFIX = fromHex('3039301306072a8648ce3d020106082a8648ce3d030107032200')
const SIGNATURE_BYTES = 64
const keys = new KeyTable<KeyObject>()
// KeyObjects are always exportable: that a handle must not be is kept here.
const sealedIn = new WeakSet<object>()

interface KeyObjectPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** By way of the coordinates: OpenSSL's encoder of SPKI costs three times as much. */
function spkiOf(key: KeyObject): Uint8Array {
  const { x, y } = key.export({ format: 'jwk' })
  const point = Buffer.concat([
    UNCOMPRESSED,
    Buffer.from(x ?? '', BASE64),
    Buffer.from(y ?? '', BASE64),
  ])
  return spkiOfPoint(plainBytes(point))
}

function importCompressed(point: Uint8Array): KeyObject {
  if (point.length !== COMPRESSED_BYTES) throw new InvalidKeyError('not a compressed point')
  const key = Buffer.from(concatBytes(COMPRESSED_SPKI_PREFIX, point))
  try {
    // OpenSSL takes other forms of a point there as well, and refuses an x that no point on the curve has.
    if (point[0] !== 2 && point[0] !== 3) throw new RangeError('not compressed')
    return createPublicKey({ key, format: 'der', type: 'spki' })
  } catch (cause) {
    throw new InvalidKeyError('not a point on P-256', { cause })
  }
}

function importPublic(spki: Uint8Array): KeyObject {
  pointOfSpki(spki)
  try {
    // OpenSSL refuses a point that is not on the curve.
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  } catch (cause) {
    throw new InvalidKeyError('not a point on P-256', { cause })
  }
}

function importPrivate(pkcs8: Uint8Array): KeyObjectPair {
  const { scalar, point } = decodePkcs8(pkcs8)
  try {
    // OpenSSL believes the public point that stands beside a scalar: compute it, which checks the range as well.
    const ecdh = createECDH('prime256v1')
    ecdh.setPrivateKey(scalar)
    const ownPoint = plainBytes(ecdh.getPublicKey())
    if (point !== undefined && !equalBytes(point, ownPoint)) {
      throw new InvalidKeyError('private and public key do not belong together')
    }
    const whole = Buffer.from(encodePkcs8(scalar, ownPoint))
    const privateKey = createPrivateKey({ key: whole, format: 'der', type: 'pkcs8' })
    wipe(whole)
    return { privateKey, publicKey: createPublicKey(privateKey) }
  } catch (cause) {
    if (cause instanceof InvalidKeyError) throw cause
    throw new InvalidKeyError('not a P-256 private key', { cause })
  } finally {
    wipe(scalar)
  }
}

function keep<T extends object>(handle: T, options: KeyOptions | undefined): T {
  if (options?.extractable === false) sealedIn.add(handle)
  return handle
}

function generate(): KeyObjectPair {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
}

function signingPair(pair: KeyObjectPair, options: KeyOptions | undefined): SigningKeyPair {
  return {
    privateKey: keep(keys.addSigning(pair.privateKey), options),
    publicKey: keys.addVerifying(pair.publicKey, spkiOf(pair.publicKey)),
  }
}

function agreementPair(pair: KeyObjectPair, options: KeyOptions | undefined): AgreementKeyPair {
  return {
    privateKey: keep(keys.addAgreement(pair.privateKey), options),
    publicKey: keys.addAgreementPublic(pair.publicKey, spkiOf(pair.publicKey)),
  }
}

export const nodeCrypto: CryptoPort = {
  name: 'node',
  kem: nodeKem,

  randomBytes(length) {
    return randomFromPool(length)
  },

  sha256(data) {
    return oneShotSha256(data)
  },

  hmacSha256(key, data) {
    return hmac(key, data)
  },

  hkdfSha256(ikm, salt, info, length) {
    return hkdf(ikm, salt, info, length)
  },

  aesGcmSeal(key, nonce, plaintext, associatedData) {
    const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), nonce)
    cipher.setAAD(associatedData)
    const out = new Uint8Array(plaintext.length + TAG_BYTES)
    out.set(cipher.update(plaintext))
    cipher.final()
    out.set(cipher.getAuthTag(), plaintext.length)
    return out
  },

  aesGcmOpen(key, nonce, sealed, associatedData) {
    const end = sealed.length - TAG_BYTES
    if (end < 0) throw new DecryptionError()
    const options = { authTagLength: TAG_BYTES }
    const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), nonce, options)
    decipher.setAAD(associatedData)
    decipher.setAuthTag(sealed.subarray(end))
    const plaintext = decipher.update(sealed.subarray(0, end))
    try {
      decipher.final()
    } catch {
      plaintext.fill(0)
      throw new DecryptionError()
    }
    return plainBytes(plaintext)
  },

  generateSigningKeyPair(options?: KeyOptions): SigningKeyPair {
    return signingPair(generate(), options)
  },

  sign(key, data) {
    return derToRaw(sign('sha256', data, keys.signing(key)))
  },

  verify(key, signature, data) {
    if (signature.length !== SIGNATURE_BYTES) return false
    return verify('sha256', data, keys.verifying(key), rawToDer(signature))
  },

  generateAgreementKeyPair(options?: KeyOptions): AgreementKeyPair {
    return agreementPair(generate(), options)
  },

  agree(privateKey, publicKey) {
    return plainBytes(
      diffieHellman({
        privateKey: keys.agreement(privateKey),
        publicKey: keys.agreementPublic(publicKey),
      }),
    )
  },

  importVerifyingKey(spki): VerifyingKey {
    return keys.addVerifying(importPublic(spki), spki.slice())
  },

  importAgreementPublicKey(spki): AgreementPublicKey {
    return keys.addAgreementPublic(importPublic(spki), spki.slice())
  },

  importCompressedAgreementKey(point): AgreementPublicKey {
    const key = importCompressed(point)
    return keys.addAgreementPublic(key, () => spkiOf(key))
  },

  exportPrivateKey(key) {
    if (sealedIn.has(key)) throw new InvalidKeyError('the key may not be exported')
    return plainBytes(keys.private(key).export({ type: 'pkcs8', format: 'der' }))
  },

  importSigningKeyPair(pkcs8, options): SigningKeyPair {
    return signingPair(importPrivate(pkcs8), options)
  },

  importAgreementKeyPair(pkcs8, options): AgreementKeyPair {
    return agreementPair(importPrivate(pkcs8), options)
  },
}
