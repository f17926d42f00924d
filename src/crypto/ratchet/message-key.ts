/** Keys of single blocks. Using one up is the only thing that can be done with it. */
import type { CryptoPort } from '../port.ts'
import { Secret } from './secret.ts'

export class SendingMessageKey extends Secret {
  constructor(bytes: Uint8Array) {
    super('SendingMessageKey', bytes)
  }

  /** Seals once; the key is gone afterwards. @throws SessionClosedError the second time */
  async seal(
    crypto: CryptoPort,
    nonce: Uint8Array,
    plaintext: Uint8Array,
    associatedData: Uint8Array,
  ): Promise<Uint8Array> {
    try {
      return await crypto.aesGcmSeal(this.bytes, nonce, plaintext, associatedData)
    } finally {
      this.wipe()
    }
  }
}

export class ReceivingMessageKey extends Secret {
  constructor(bytes: Uint8Array) {
    super('ReceivingMessageKey', bytes)
  }

  /**
   * Opens once; the key is gone when it has. An altered block leaves it, or whoever alters one on its way could
   * make the real one unreadable. @throws DecryptionError
   */
  async open(
    crypto: CryptoPort,
    nonce: Uint8Array,
    sealed: Uint8Array,
    associatedData: Uint8Array,
  ): Promise<Uint8Array> {
    const plaintext = await crypto.aesGcmOpen(this.bytes, nonce, sealed, associatedData)
    this.wipe()
    return plaintext
  }
}
