import { concatBytes, utf8 } from '../../crypto/bytes.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { ValueCipher } from './index.ts'

const NONCE_BYTES = 12

/** Seals values with one 32-byte key: random nonce (12) ‖ ciphertext ‖ tag, the path as associated data. */
export class KeyCipher implements ValueCipher {
  readonly #crypto: CryptoPort
  readonly #key: Uint8Array

  constructor(crypto: CryptoPort, key: Uint8Array) {
    this.#crypto = crypto
    this.#key = key
  }

  async seal(path: string, value: Uint8Array): Promise<Uint8Array> {
    const nonce = this.#crypto.randomBytes(NONCE_BYTES)
    return concatBytes(nonce, await this.#crypto.aesGcmSeal(this.#key, nonce, value, utf8(path)))
  }

  async open(path: string, sealed: Uint8Array): Promise<Uint8Array> {
    const nonce = sealed.subarray(0, NONCE_BYTES)
    return this.#crypto.aesGcmOpen(this.#key, nonce, sealed.subarray(NONCE_BYTES), utf8(path))
  }
}
