import { fromHex, toHex } from '../../crypto/bytes.ts'
import { fingerprintOf } from '../../crypto/fingerprint.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Fingerprint } from '../api.ts'
import type { RecordStore } from '../store/record-store.ts'

/** The signing keys of those we had a session with, as SPKI; at rest `key/<fingerprint>`, hexadecimal. */
export class PublicKeys {
  readonly #crypto: Pick<CryptoPort, 'sha256'>
  readonly #records: RecordStore
  /** Written in this run: a key never changes, its hash is its name. */
  readonly #kept = new Set<Fingerprint>()

  constructor(crypto: Pick<CryptoPort, 'sha256'>, records: RecordStore) {
    this.#crypto = crypto
    this.#records = records
  }

  async keep(spki: Uint8Array): Promise<void> {
    const fingerprint = fingerprintOf(this.#crypto, spki)
    if (this.#kept.has(fingerprint)) return
    await this.#records.put(pathOf(fingerprint), toHex(spki))
    this.#kept.add(fingerprint)
  }

  async get(fingerprint: Fingerprint): Promise<Uint8Array | undefined> {
    const kept = await this.#records.get<string>(pathOf(fingerprint))
    return kept === undefined ? undefined : fromHex(kept)
  }
}

function pathOf(fingerprint: Fingerprint): string {
  return `key/${fingerprint}`
}
