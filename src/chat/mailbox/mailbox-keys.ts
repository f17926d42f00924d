import { BlindableKey, BLINDING_SECRET_BYTES, OWNER_SEED_BYTES } from '../../crypto/blinded-key.ts'
import { Redacted } from '../../crypto/redacted.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { dayOf, NO_SECRET, type MailboxContact } from './box.ts'
import { DAY_MS, MAX_DEPOSITOR_LEAD_MS, MAX_LETTER_TTL_MS } from './constants.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { KnownBoxes } from './known-boxes.ts'
import type { OwnedBox } from './mailbox-client.ts'

const PATH = 'mailbox/keys'

interface KeysRecord {
  readonly seed: string
  readonly secret: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** Our own mailbox keys: the one that all our boxes derive from, and the secret that contacts are told. */
export class MailboxKeys extends Redacted {
  readonly publicKey: Uint8Array
  readonly #known: KnownBoxes
  readonly #key: BlindableKey
  readonly #secret: Uint8Array
  readonly #createdAt: number

  private constructor(known: KnownBoxes, record: KeysRecord) {
    super('MailboxKeys')
    this.#known = known
    this.#key = new BlindableKey(fromBase64(record.seed))
    this.#secret = fromBase64(record.secret)
    this.#createdAt = record.createdAt
    this.publicKey = this.#key.publicKey
  }

  /** The keys that are kept, made when there are none. */
  static async load(
    crypto: CryptoPort,
    records: RecordStore,
    known: KnownBoxes,
    nowMs: number,
  ): Promise<MailboxKeys> {
    const kept = await records.get<KeysRecord>(PATH)
    if (kept !== undefined) return new MailboxKeys(known, kept)
    const record: KeysRecord = {
      seed: toBase64(crypto.randomBytes(OWNER_SEED_BYTES)),
      secret: toBase64(crypto.randomBytes(BLINDING_SECRET_BYTES)),
      createdAt: nowMs,
    }
    await records.put(PATH, record)
    return new MailboxKeys(known, record)
  }

  /** What contacts need in order to write to us, and nobody else may know. */
  forContacts(): Required<MailboxContact> {
    return { publicKey: this.publicKey, secret: this.#secret }
  }

  /** Our boxes of all days in which a letter may lie, or of those around today; the oldest first, contacts' before requests'. */
  async boxes(nowMs: number, which: 'all' | 'recent'): Promise<OwnedBox[]> {
    const back = which === 'all' ? MAX_LETTER_TTL_MS : DAY_MS
    const first = dayOf(Math.max(nowMs - back, this.#createdAt - DAY_MS))
    // a depositor whose clock is ahead may be in tomorrow already, and by one whose clock is behind today is yesterday
    const last = dayOf(nowMs + MAX_DEPOSITOR_LEAD_MS)
    const boxes: OwnedBox[] = []
    for (let day = first; day <= last; day++) {
      for (const secret of [this.#secret, NO_SECRET]) boxes.push(await this.#box(day, secret))
    }
    return boxes
  }

  async #box(day: number, secret: Uint8Array): Promise<OwnedBox> {
    const contact = secret === NO_SECRET ? {} : { secret }
    const { publicKey } = this
    const box = await this.#known.of({ publicKey, ...contact }, day)
    return { ...box, sign: (message) => this.#key.sign(secret, day, message) }
  }
}
