import { DecryptionError } from '../../crypto/errors.ts'
import type { ValueCipher } from '../../chat/store/index.ts'

const NONCE_BYTES = 12

/** Seals values with a WebCrypto key that cannot be read: nonce (12) ‖ ciphertext ‖ tag, the path as associated data. */
export class CryptoKeyCipher implements ValueCipher {
  readonly #key: CryptoKey

  constructor(key: CryptoKey) {
    this.#key = key
  }

  async seal(path: string, value: Uint8Array): Promise<Uint8Array> {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
    const sealed = await crypto.subtle.encrypt(
      parameters(path, nonce),
      this.#key,
      new Uint8Array(value),
    )
    const record = new Uint8Array(NONCE_BYTES + sealed.byteLength)
    record.set(nonce)
    record.set(new Uint8Array(sealed), NONCE_BYTES)
    return record
  }

  async open(path: string, sealed: Uint8Array): Promise<Uint8Array> {
    const nonce = new Uint8Array(sealed.subarray(0, NONCE_BYTES))
    const ciphertext = new Uint8Array(sealed.subarray(NONCE_BYTES))
    try {
      return new Uint8Array(
        await crypto.subtle.decrypt(parameters(path, nonce), this.#key, ciphertext),
      )
    } catch {
      throw new DecryptionError()
    }
  }
}

function parameters(path: string, nonce: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(path) }
}
