/**
 * The crypto port for browsers (and for Node, where the same tests run over it): WebCrypto for everything on the
 * curve, whose keys can then be non-extractable; noble for hashes and ML-KEM, and for AES-GCM on blocks so small that the hop to
 * the browser's thread pool would cost more than the work.
 */
import { gcm } from '@noble/ciphers/aes.js'
import { p256 } from '@noble/curves/nist.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { equalBytes, wipe } from './bytes.ts'
import { DecryptionError, InvalidKeyError } from './errors.ts'
import { KeyTable } from './key-handles.ts'
import { nobleKem } from './noble-kem.ts'
import { decodePkcs8, encodePkcs8, pointOfSpki, spkiOfPoint } from './p256-encoding.ts'
import { decompressToSpki } from './p256-points.ts'
import type { AgreementKeyPair, CryptoPort, KeyOptions, SigningKeyPair } from './port.ts'

const TAG_BYTES = 16
const SIGNATURE_BYTES = 64
// Where noble's AES-GCM (109 µs a KiB) and WebCrypto's (266 µs, nearly all of it the hop) cost the same in Node 24.
const SMALL_BLOCK_BYTES = 2048
// getRandomValues refuses more in one call (W3C Web Cryptography API §10.1.1).
const RANDOM_QUOTA_BYTES = 65536

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' } as const
const ECDH = { name: 'ECDH', namedCurve: 'P-256' } as const
const ECDSA_SHA256 = { name: 'ECDSA', hash: 'SHA-256' } as const

const keys = new KeyTable<CryptoKey>()

/** WebCrypto takes no views of shared memory: those are copied. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : bytes.slice()
}

function requireOnCurve(spki: Uint8Array): void {
  const point = pointOfSpki(spki)
  try {
    p256.Point.fromBytes(point).assertValidity()
  } catch (cause) {
    throw new InvalidKeyError('not a point on P-256', { cause })
  }
}

async function importPublic(spki: Uint8Array, algorithm: typeof ECDSA | typeof ECDH) {
  requireOnCurve(spki)
  return importOnCurve(spki, algorithm)
}

async function importOnCurve(spki: Uint8Array, algorithm: typeof ECDSA | typeof ECDH) {
  const usages: KeyUsage[] = algorithm === ECDSA ? ['verify'] : []
  try {
    return await crypto.subtle.importKey('spki', own(spki), algorithm, true, usages)
  } catch (cause) {
    throw new InvalidKeyError('not a P-256 public key', { cause })
  }
}

async function importPair(
  pkcs8: Uint8Array,
  algorithm: typeof ECDSA | typeof ECDH,
  options: KeyOptions | undefined,
): Promise<CryptoKeyPair> {
  const { scalar, point } = decodePkcs8(pkcs8)
  try {
    const ownPoint = publicPoint(scalar)
    if (point !== undefined && !equalBytes(point, ownPoint)) {
      throw new InvalidKeyError('private and public key do not belong together')
    }
    const whole = own(encodePkcs8(scalar, ownPoint))
    const usages: KeyUsage[] = algorithm === ECDSA ? ['sign'] : ['deriveBits']
    const extractable = options?.extractable ?? true
    const privateKey = await crypto.subtle
      .importKey('pkcs8', whole, algorithm, extractable, usages)
      .finally(() => {
        wipe(whole)
      })
    return { privateKey, publicKey: await importPublic(spkiOfPoint(ownPoint), algorithm) }
  } finally {
    wipe(scalar)
  }
}

function publicPoint(scalar: Uint8Array): Uint8Array {
  try {
    return p256.getPublicKey(scalar, false)
  } catch (cause) {
    throw new InvalidKeyError('not a P-256 private key', { cause })
  }
}

async function spkiOf(key: CryptoKey): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.exportKey('spki', key))
}

/** The key pair of the port for WebCrypto keys that were kept elsewhere, in IndexedDB for one. */
export async function signingPair(pair: CryptoKeyPair): Promise<SigningKeyPair> {
  return {
    privateKey: keys.addSigning(pair.privateKey),
    publicKey: keys.addVerifying(pair.publicKey, await spkiOf(pair.publicKey)),
  }
}

/** Likewise for ECDH. */
export async function agreementPair(pair: CryptoKeyPair): Promise<AgreementKeyPair> {
  return {
    privateKey: keys.addAgreement(pair.privateKey),
    publicKey: keys.addAgreementPublic(pair.publicKey, await spkiOf(pair.publicKey)),
  }
}

async function subtleGcm(
  operation: 'encrypt' | 'decrypt',
  rawKey: Uint8Array,
  nonce: Uint8Array,
  data: Uint8Array,
  associatedData: Uint8Array,
): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', own(rawKey), 'AES-GCM', false, [operation])
  const parameters = { name: 'AES-GCM', iv: own(nonce), additionalData: own(associatedData) }
  return new Uint8Array(await crypto.subtle[operation](parameters, key, own(data)))
}

function systemRandom(length: number): Uint8Array {
  const out = new Uint8Array(length)
  for (let at = 0; at < length; at += RANDOM_QUOTA_BYTES) {
    crypto.getRandomValues(out.subarray(at, at + RANDOM_QUOTA_BYTES))
  }
  return out
}

export const webCrypto: CryptoPort = {
  name: 'web',
  kem: nobleKem(systemRandom),
  randomBytes: systemRandom,

  sha256(data) {
    return sha256(data)
  },

  hmacSha256(key, data) {
    return hmac(sha256, key, data)
  },

  hkdfSha256(ikm, salt, info, length) {
    return hkdf(sha256, ikm, salt, info, length)
  },

  aesGcmSeal(key, nonce, plaintext, associatedData) {
    if (plaintext.length > SMALL_BLOCK_BYTES) {
      return subtleGcm('encrypt', key, nonce, plaintext, associatedData)
    }
    return gcm(key, nonce, associatedData).encrypt(plaintext)
  },

  aesGcmOpen(key, nonce, sealed, associatedData) {
    if (sealed.length < TAG_BYTES) throw new DecryptionError()
    if (sealed.length > SMALL_BLOCK_BYTES + TAG_BYTES) {
      return subtleGcm('decrypt', key, nonce, sealed, associatedData).catch(() => {
        throw new DecryptionError()
      })
    }
    try {
      return gcm(key, nonce, associatedData).decrypt(sealed)
    } catch {
      throw new DecryptionError()
    }
  },

  async generateSigningKeyPair(options?: KeyOptions): Promise<SigningKeyPair> {
    const extractable = options?.extractable ?? true
    return signingPair(await crypto.subtle.generateKey(ECDSA, extractable, ['sign', 'verify']))
  },

  async sign(key, data) {
    return new Uint8Array(await crypto.subtle.sign(ECDSA_SHA256, keys.signing(key), own(data)))
  },

  async verify(key, signature, data) {
    const verifyingKey = keys.verifying(key)
    if (signature.length !== SIGNATURE_BYTES) return false
    return crypto.subtle.verify(ECDSA_SHA256, verifyingKey, own(signature), own(data))
  },

  async generateAgreementKeyPair(options?: KeyOptions): Promise<AgreementKeyPair> {
    const extractable = options?.extractable ?? true
    return agreementPair(await crypto.subtle.generateKey(ECDH, extractable, ['deriveBits']))
  },

  async agree(privateKey, publicKey) {
    const parameters = { name: 'ECDH', public: keys.agreementPublic(publicKey) }
    return new Uint8Array(
      await crypto.subtle.deriveBits(parameters, keys.agreement(privateKey), 256),
    )
  },

  async importVerifyingKey(spki) {
    return keys.addVerifying(await importPublic(spki, ECDSA), spki.slice())
  },

  async importAgreementPublicKey(spki) {
    return keys.addAgreementPublic(await importPublic(spki, ECDH), spki.slice())
  },

  async importCompressedAgreementKey(point) {
    const spki = decompressToSpki(point)
    return keys.addAgreementPublic(await importOnCurve(spki, ECDH), spki)
  },

  async exportPrivateKey(key) {
    const privateKey = keys.private(key)
    if (!privateKey.extractable) throw new InvalidKeyError('the key may not be exported')
    return new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))
  },

  async importSigningKeyPair(pkcs8, options) {
    return signingPair(await importPair(pkcs8, ECDSA, options))
  },

  async importAgreementKeyPair(pkcs8, options) {
    return agreementPair(await importPair(pkcs8, ECDH, options))
  },
}
