/**
 * The one door through which Sotto reaches cryptographic primitives.
 *
 * Two implementations stand behind it: `node:crypto` (synchronous, in `src/node/crypto/`) and WebCrypto with
 * noble (in `src/crypto/web-crypto.ts`), because their costs differ by an order of magnitude in either direction.
 * A caller always awaits; where the backend is synchronous the await costs one microtask. One test suite,
 * `test/crypto/port.spec.ts`, runs against both.
 *
 * Sizes are bytes. Signatures are IEEE P1363 (r ‖ s, 64 bytes), public keys travel as X.509 SPKI DER (91 bytes).
 */

export type Awaitable<T> = T | Promise<T>

/** Brands the key handles, so that no two kinds are assignable to each other. Exists for the compiler only. */
export declare const role: unique symbol

/** A P-256 public key for ECDSA. Only the backend that made it can use it. */
export interface VerifyingKey {
  readonly [role]: 'verifying'
  /** X.509 SubjectPublicKeyInfo, DER, 91 bytes. */
  readonly spki: Uint8Array
}

/** A P-256 private key for ECDSA; opaque, prints redacted. */
export interface SigningKey {
  readonly [role]: 'signing'
}

/** A P-256 public key for ECDH. */
export interface AgreementPublicKey {
  readonly [role]: 'agreement-public'
  /** X.509 SubjectPublicKeyInfo, DER, 91 bytes. */
  readonly spki: Uint8Array
}

/** A P-256 private key for ECDH; opaque, prints redacted. */
export interface AgreementPrivateKey {
  readonly [role]: 'agreement-private'
}

export interface SigningKeyPair {
  readonly privateKey: SigningKey
  readonly publicKey: VerifyingKey
}

export interface AgreementKeyPair {
  readonly privateKey: AgreementPrivateKey
  readonly publicKey: AgreementPublicKey
}

export interface KeyOptions {
  /** Whether `exportPrivateKey` may ever read the key back. Default true; a browser keeps its identity with false. */
  extractable?: boolean
}

/** ML-KEM-768 (FIPS 203). Keys are what comes of a seed, 64 bytes, d ‖ z; nothing larger is ever kept. */
export interface Kem {
  /** The encapsulation key, 1184 bytes. */
  publicKeyOf(seed: Uint8Array): Uint8Array
  /** @throws InvalidKeyError for a public key that FIPS 203 §7.2 refuses */
  encapsulate(publicKey: Uint8Array): Encapsulated
  /** A wrong secret, by design, for a ciphertext that was altered (FIPS 203 §6.3). */
  decapsulate(seed: Uint8Array, ciphertext: Uint8Array): Uint8Array
}

export interface Encapsulated {
  /** 1088 bytes. */
  readonly ciphertext: Uint8Array
  /** 32 bytes. */
  readonly sharedSecret: Uint8Array
}

export interface CryptoPort {
  readonly name: 'node' | 'web'

  readonly kem: Kem

  /** `length` bytes from the system's generator. */
  randomBytes(length: number): Uint8Array

  /** Hashing is synchronous in both backends: it is cheaper than any hop, and a chain can step without a gap. */
  sha256(data: Uint8Array): Uint8Array
  /** `key` is what must stay secret; for secret data under a public key there is HKDF. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array
  /** RFC 5869, both steps. An empty salt means 32 zero bytes, as the RFC says. */
  hkdfSha256(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array

  /** AES-256-GCM: 32-byte key, 12-byte nonce; returns ciphertext ‖ 16-byte tag. */
  aesGcmSeal(
    key: Uint8Array,
    nonce: Uint8Array,
    plaintext: Uint8Array,
    associatedData: Uint8Array,
  ): Awaitable<Uint8Array>
  /** @throws DecryptionError when anything at all is not as it was sealed. */
  aesGcmOpen(
    key: Uint8Array,
    nonce: Uint8Array,
    sealed: Uint8Array,
    associatedData: Uint8Array,
  ): Awaitable<Uint8Array>

  generateSigningKeyPair(options?: KeyOptions): Awaitable<SigningKeyPair>
  /** ECDSA P-256 over SHA-256 of `data`; 64 bytes r ‖ s. */
  sign(key: SigningKey, data: Uint8Array): Awaitable<Uint8Array>
  /** False for a signature that does not hold, whatever its shape; never throws for a peer's bytes. */
  verify(key: VerifyingKey, signature: Uint8Array, data: Uint8Array): Awaitable<boolean>

  generateAgreementKeyPair(options?: KeyOptions): Awaitable<AgreementKeyPair>
  /** The x-coordinate of the shared point, 32 bytes, not yet fit to be a key. */
  agree(privateKey: AgreementPrivateKey, publicKey: AgreementPublicKey): Awaitable<Uint8Array>

  /** @throws InvalidKeyError unless `spki` is an uncompressed named-curve P-256 key whose point is on the curve. */
  importVerifyingKey(spki: Uint8Array): Awaitable<VerifyingKey>
  /** @throws InvalidKeyError likewise. */
  importAgreementPublicKey(spki: Uint8Array): Awaitable<AgreementPublicKey>
  /** From a compressed point (SEC 1 §2.3.3, 33 bytes). @throws InvalidKeyError when none on the curve has that x */
  importCompressedAgreementKey(point: Uint8Array): Awaitable<AgreementPublicKey>

  /** PKCS#8 DER. @throws InvalidKeyError when the key was made or imported non-extractable. */
  exportPrivateKey(key: SigningKey | AgreementPrivateKey): Awaitable<Uint8Array>
  importSigningKeyPair(pkcs8: Uint8Array, options?: KeyOptions): Awaitable<SigningKeyPair>
  importAgreementKeyPair(pkcs8: Uint8Array, options?: KeyOptions): Awaitable<AgreementKeyPair>
}
