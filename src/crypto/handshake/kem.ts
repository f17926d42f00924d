/** ML-KEM-768 (FIPS 203), the same code in Node and in browsers. Bytes the caller must not keep are overwritten. */
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import { wipe } from '../bytes.ts'
import { HandshakeError } from '../errors.ts'
import { Redacted } from '../redacted.ts'
import type { CryptoPort } from '../port.ts'

export const KEM_PUBLIC_BYTES = 1184
export const KEM_CIPHERTEXT_BYTES = 1088
export const KEM_SEED_BYTES = 64

/** Holds the 64-byte seed (d ‖ z) only: the 2,400 bytes of the expanded key come back in 0.6 ms when needed. */
export class KemKeyPair extends Redacted {
  readonly publicKey: Uint8Array
  readonly #seed: Uint8Array

  /** Takes `seed` over. */
  constructor(seed: Uint8Array) {
    super('KemKeyPair')
    const { publicKey, secretKey } = ml_kem768.keygen(seed)
    wipe(secretKey)
    this.publicKey = publicKey
    this.#seed = seed
  }

  static generate(crypto: CryptoPort): KemKeyPair {
    return new KemKeyPair(crypto.randomBytes(KEM_SEED_BYTES))
  }

  /** For stored state, which whoever stores it encrypts. */
  exportSeed(): Uint8Array {
    return this.#seed.slice()
  }

  /** The shared secret; a wrong one, by design, for a ciphertext that was altered (FIPS 203 §6.3). */
  decapsulate(ciphertext: Uint8Array): Uint8Array {
    const { secretKey } = ml_kem768.keygen(this.#seed)
    try {
      return ml_kem768.decapsulate(ciphertext, secretKey)
    } finally {
      wipe(secretKey)
    }
  }

  wipe(): void {
    wipe(this.#seed)
  }
}

export interface Encapsulated {
  readonly ciphertext: Uint8Array
  readonly sharedSecret: Uint8Array
}

/** @throws HandshakeError for a public key that FIPS 203 §7.2 refuses */
export function encapsulate(crypto: CryptoPort, publicKey: Uint8Array): Encapsulated {
  const message = crypto.randomBytes(32)
  try {
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, message)
    return { ciphertext: cipherText, sharedSecret }
  } catch (cause) {
    throw new HandshakeError('an invalid ML-KEM key', { cause })
  } finally {
    wipe(message)
  }
}
