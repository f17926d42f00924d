/**
 * Whom we may believe to be who they say without having met them: contacts vouch for contacts, and a chain of such
 * vouches begins at somebody whom the user verified. Knows nothing of how a vouch travels. docs/specs/identity.md §4.2
 */
import { fromHex, toHex } from '../../crypto/bytes.ts'
import { InvalidVouchError } from '../../crypto/errors.ts'
import { findVouchChain, makeVouch, verifyVouch, type Vouch } from '../../crypto/vouch.ts'
import { MAX_VOUCH_LIFETIME_MS, VOUCH_LIFETIME_MS } from './constants.ts'
import { VouchRefusedError } from './errors.ts'
import { VouchBook } from './vouch-book.ts'
import type { CryptoPort } from '../../crypto/port.ts'
import type { Fingerprint, PersonTrust, VouchLink } from '../api.ts'
import type { Identity } from '../identity/identity.ts'
import type { People } from '../people/people.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { VouchContent } from './vouch-content.ts'

export interface TrustInit {
  readonly crypto: CryptoPort
  readonly identity: Identity
  readonly records: RecordStore
  readonly people: People
  readonly now: () => number
  /** What is known about a person changed. */
  readonly onChange: (subject: Fingerprint) => void
}

export class Trust {
  readonly #init: TrustInit
  readonly #book: VouchBook

  constructor(init: TrustInit) {
    this.#init = init
    this.#book = new VouchBook(init.records, (voucher) => this.#isVerified(voucher))
  }

  load(): Promise<void> {
    return this.#book.load()
  }

  /**
   * Our signed word for `about`, to be told to `to`: hexadecimal, as it travels.
   * @throws VouchRefusedError for somebody whom the user has not verified, and for a person to themselves
   */
  async give(about: Fingerprint, to: Fingerprint): Promise<string> {
    const { crypto, identity, now } = this.#init
    if (about === to || about === identity.fingerprint) {
      throw new VouchRefusedError('vouch-same-person', 'a vouch is about a third person')
    }
    if (!this.#isVerified(about)) {
      throw new VouchRefusedError(
        'vouch-unverified',
        'you can only vouch for somebody whose safety number you compared',
      )
    }
    const issuedMs = now()
    const expiresMs = issuedMs + VOUCH_LIFETIME_MS
    return toHex(await makeVouch(crypto, identity.signing, about, issuedMs, expiresMs))
  }

  /**
   * Takes what a contact told us; resolves with whom it is about when it says something new, durable by then.
   * @throws InvalidVouchError for one that does not hold, or is somebody else's
   */
  async take(from: Fingerprint, content: VouchContent): Promise<Fingerprint | undefined> {
    const { crypto, identity, onChange } = this.#init
    // By the author's clock, whose time the session has checked: a vouch must not fail because two clocks differ.
    const vouch = await verifyVouch(crypto, fromHex(content.vouch), content.timestamp)
    if (vouch.voucher !== from) throw new InvalidVouchError('signed by somebody else')
    if (vouch.expiresMs - vouch.issuedMs > MAX_VOUCH_LIFETIME_MS) {
      throw new InvalidVouchError('claims to hold too long')
    }
    const { subject } = vouch
    // What we are worth we know, and nobody is a witness in their own case.
    if (subject === identity.fingerprint || subject === from) return undefined
    if (!(await this.#book.add({ ...vouch, bytes: content.vouch }))) return undefined
    onChange(subject)
    return subject
  }

  of(fingerprint: Fingerprint): PersonTrust {
    const vouches = this.#book.inForce(this.#init.now())
    const verified = this.#init.people.all().filter((person) => person.verified)
    const trusted = new Set(verified.map((person) => person.fingerprint))
    return {
      chain: (findVouchChain(vouches, trusted, fingerprint) ?? []).map(toLink),
      vouchedForBy: vouches.filter(({ subject }) => subject === fingerprint).map(toLink),
      vouchesFor: vouches.filter(({ voucher }) => voucher === fingerprint).map(toLink),
    }
  }

  #isVerified(fingerprint: Fingerprint): boolean {
    return this.#init.people.get(fingerprint)?.verified === true
  }
}

function toLink({ voucher, subject, issuedMs, expiresMs }: Vouch): VouchLink {
  return { voucher, subject, issuedAt: issuedMs, expiresAt: expiresMs }
}
