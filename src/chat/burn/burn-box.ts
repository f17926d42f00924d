import { DecryptionError } from '../../crypto/errors.ts'
import { Vault } from '../../crypto/vault.ts'
import { overwrite } from './overwrite.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { BurnEntry, BurnKeys } from './burn-keys.ts'

/** Seals the texts of messages that burn, each with its own key, inside what the database seals anyway. */
export class BurnBox {
  readonly #crypto: CryptoPort
  readonly #keys: BurnKeys
  readonly #encoder = new TextEncoder()
  readonly #decoder = new TextDecoder()

  constructor(crypto: CryptoPort, keys: BurnKeys) {
    this.#crypto = crypto
    this.#keys = keys
  }

  /** Undefined for a message that has burned. */
  async seal(entry: BurnEntry, text: string): Promise<Uint8Array | undefined> {
    const key = await this.#keys.make(entry)
    if (key === undefined) return undefined
    const bytes = this.#encoder.encode(text)
    try {
      return await this.#with(key, (vault) => vault.seal(pathOf(entry.id), bytes))
    } finally {
      overwrite(bytes)
    }
  }

  /** Undefined once the key is gone. */
  async open(id: string, sealed: Uint8Array): Promise<string | undefined> {
    const key = this.#keys.get(id)
    if (key === undefined) return undefined
    try {
      const bytes = await this.#with(key, (vault) => vault.open(pathOf(id), sealed))
      const text = this.#decoder.decode(bytes)
      overwrite(bytes)
      return text
    } catch (err) {
      // the key is another one: this was sealed before it burned
      if (err instanceof DecryptionError) return undefined
      throw err
    }
  }

  /** Nothing that was sealed for this message opens any more. */
  destroy(id: string): Promise<void> {
    return this.#keys.destroy(id)
  }

  async #with<Result>(key: Uint8Array, use: (vault: Vault) => Promise<Result>): Promise<Result> {
    const vault = new Vault(this.#crypto, key.slice())
    try {
      return await use(vault)
    } finally {
      vault.close()
    }
  }
}

function pathOf(id: string): string {
  return `burning/${id}`
}
