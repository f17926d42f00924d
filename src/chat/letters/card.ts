import { BLINDED_KEY_BYTES, BLINDING_SECRET_BYTES } from '../../crypto/blinded-key.ts'
import {
  ONE_TIME_BYTES,
  verifyBundle,
  type PublishedBundle,
} from '../../crypto/handshake/bundle.ts'
import { verifyCertificate } from '../identity/certificate.ts'
import { fromBase64, toBase64 } from '../mailbox/base64.ts'
import { MAX_ONE_TIME_IN_CARD } from './constants.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { MailboxContact } from '../mailbox/index.ts'
import type { Content } from '../message/content.ts'
import type { RecordStore } from '../store/record-store.ts'

/** How to write to its author while they are away; told in every conversation and in every letter. chat.md §5 */
export interface CardContent extends Content {
  readonly type: typeof CARD_TYPE
  readonly name?: string
  /** Base64, all of them. */
  readonly key: string
  readonly secret: string
  readonly bundle: string
  readonly oneTime: readonly string[]
}

export const CARD_TYPE = 'mailbox'

const MAX_BUNDLE_BYTES = 4096
/** Ids of one-time prekeys that we used; a card that tells them again is older than that use. */
const MAX_REMEMBERED_USES = 64

interface CardRecord {
  readonly key: string
  readonly secret: string
  readonly bundle: string
  readonly oneTime: readonly string[]
  readonly used: readonly string[]
}

/** Where a letter goes and what it is sealed with. */
export interface LetterTarget {
  readonly contact: MailboxContact
  readonly published: PublishedBundle
}

export function isCard(content: Content): content is CardContent {
  const { type, key, secret, bundle, oneTime } = content as Partial<CardContent>
  return (
    type === CARD_TYPE &&
    [key, secret, bundle].every((field) => typeof field === 'string') &&
    Array.isArray(oneTime) &&
    oneTime.every((field) => typeof field === 'string')
  )
}

/** What contacts told us of their mailboxes, kept: `letter-card/<fingerprint>`. */
export class Cards {
  readonly #crypto: CryptoPort
  readonly #records: RecordStore
  readonly #now: () => number

  constructor(crypto: CryptoPort, records: RecordStore, now: () => number) {
    this.#crypto = crypto
    this.#records = records
    this.#now = now
  }

  /** Takes a card up, if it is good and its author's own; anything else is as if it had not come. */
  async heard(fingerprint: string, card: CardContent): Promise<void> {
    const { key, secret, bundle } = card
    const before = await this.#get(fingerprint)
    const isKnown = key === before?.key && secret === before.secret && bundle === before.bundle
    if (!isKnown && !(await this.#isGood(fingerprint, card))) return
    const used = before?.used ?? []
    const oneTime = card.oneTime
      .slice(0, MAX_ONE_TIME_IN_CARD)
      .filter((prekey) => isOneTime(prekey) && !used.includes(prekey))
    if (isKnown && sameList(oneTime, before.oneTime)) return
    await this.#put(fingerprint, { key, secret, bundle, oneTime, used })
  }

  /**
   * What a letter to somebody needs; a one-time prekey is taken out of the card for good. Undefined when they told us
   * nothing, or so long ago that their bundle has expired.
   */
  async take(fingerprint: string): Promise<LetterTarget | undefined> {
    const card = await this.#get(fingerprint)
    if (card === undefined) return undefined
    const contact = { publicKey: fromBase64(card.key), secret: fromBase64(card.secret) }
    const bundle = fromBase64(card.bundle)
    const [oneTime, ...rest] = card.oneTime
    if (oneTime === undefined) return { contact, published: { bundle } }
    const used = [...card.used, oneTime].slice(-MAX_REMEMBERED_USES)
    await this.#put(fingerprint, { ...card, oneTime: rest, used })
    return { contact, published: { bundle, oneTime: fromBase64(oneTime) } }
  }

  async #isGood(fingerprint: string, card: CardContent): Promise<boolean> {
    try {
      const bundle = fromBase64(card.bundle)
      if (bundle.byteLength > MAX_BUNDLE_BYTES) return false
      if (fromBase64(card.key).byteLength !== BLINDED_KEY_BYTES) return false
      if (fromBase64(card.secret).byteLength !== BLINDING_SECRET_BYTES) return false
      let owner = ''
      const verify = async (certificate: Uint8Array) => {
        const verified = await verifyCertificate(this.#crypto, certificate)
        owner = verified.fingerprint
        return verified
      }
      await verifyBundle(this.#crypto, verify, { bundle }, this.#now())
      return owner === fingerprint
    } catch {
      return false
    }
  }

  #get(fingerprint: string): Promise<CardRecord | undefined> {
    return this.#records.get<CardRecord>(path(fingerprint))
  }

  #put(fingerprint: string, record: CardRecord): Promise<void> {
    return this.#records.put(path(fingerprint), record)
  }
}

/** Our own card, without the header of a message. */
export function cardFields(
  contact: Required<MailboxContact>,
  bundle: Uint8Array,
  oneTime: readonly string[],
  name: string | undefined,
): Omit<CardContent, 'id' | 'timestamp'> {
  return {
    type: CARD_TYPE,
    key: toBase64(contact.publicKey),
    secret: toBase64(contact.secret),
    bundle: toBase64(bundle),
    oneTime,
    ...(name === undefined ? {} : { name }),
  }
}

/** Whether it can be taken out again; whether its signature holds is seen when it is used. */
function isOneTime(prekey: string): boolean {
  try {
    return fromBase64(prekey).byteLength === ONE_TIME_BYTES
  } catch {
    return false
  }
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index])
}

function path(fingerprint: string): string {
  return `letter-card/${fingerprint}`
}
