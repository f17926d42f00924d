import { concatBytes, toHex, uint32Bytes } from '../../crypto/bytes.ts'
import { boxOf, NO_SECRET, type MailboxContact, type OpenBox } from './box.ts'
import type { CryptoPort } from '../../crypto/port.ts'

/** People we write to in one day, and our own boxes of a fortnight. */
const MAX_REMEMBERED = 256

/** Boxes that were computed already: a blinded key costs milliseconds, and stays what it is for a day. */
export class KnownBoxes {
  readonly #crypto: CryptoPort
  readonly #boxes = new Map<string, Promise<OpenBox>>()

  constructor(crypto: CryptoPort) {
    this.#crypto = crypto
  }

  /** @throws InvalidKeyError for a contact whose key is none */
  of(contact: MailboxContact, day: number): Promise<OpenBox> {
    const { publicKey, secret = NO_SECRET } = contact
    // by a hash, so that no secret lies about as text
    const key = toHex(this.#crypto.sha256(concatBytes(uint32Bytes(day), publicKey, secret)))
    const known = this.#boxes.get(key)
    if (known !== undefined) return known
    const box = boxOf(this.#crypto, contact, day)
    this.#boxes.set(key, box)
    box.catch(() => this.#boxes.delete(key))
    if (this.#boxes.size > MAX_REMEMBERED) {
      for (const oldest of this.#boxes.keys()) {
        this.#boxes.delete(oldest)
        break
      }
    }
    return box
  }
}
