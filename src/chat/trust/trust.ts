/**
 * Whom we may believe to be who they say without having met them: contacts vouch for contacts, and a chain of such
 * vouches begins at somebody whom the user verified. Knows nothing of how a vouch travels. docs/specs/identity.md §4.2
 */
import { fromHex, toHex } from '../../crypto/bytes.ts'
import { InvalidVouchError } from '../../crypto/errors.ts'
import {
  findVouchChain,
  isWithdrawal,
  makeVouch,
  makeVouchWithdrawal,
  verifyVouch,
  type Vouch,
} from '../../crypto/vouch.ts'
import { MAX_VOUCH_LIFETIME_MS, VOUCH_LIFETIME_MS } from './constants.ts'
import { VouchRefusedError } from './errors.ts'
import { GivenVouches } from './given-vouches.ts'
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

/** Something new that a contact told us. */
export interface VouchNews {
  readonly subject: Fingerprint
  /** They took back what they said. */
  readonly isWithdrawn: boolean
}

/** Hands our signed word on, hexadecimal; durable when it resolves. */
export type TellVouch = (to: Fingerprint, vouch: string) => Promise<void>

export class Trust {
  readonly #init: TrustInit
  readonly #book: VouchBook
  readonly #given: GivenVouches

  constructor(init: TrustInit) {
    this.#init = init
    this.#book = new VouchBook(init.records, (voucher) => this.#isVerified(voucher))
    this.#given = new GivenVouches(init.records)
  }

  async load(): Promise<void> {
    await Promise.all([this.#book.load(), this.#given.load()])
  }

  /**
   * Tells `to` our signed word for `about`, and remembers that they have it.
   * @throws VouchRefusedError for somebody whom the user has not verified, and for a person to themselves
   */
  async give(about: Fingerprint, to: Fingerprint, tell: TellVouch): Promise<void> {
    const { crypto, identity, now, onChange } = this.#init
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
    const vouch = await makeVouch(crypto, identity.signing, about, issuedMs, expiresMs)
    const before = this.#given.about(about, issuedMs).find((given) => given.to === to)
    const given = { about, to, issuedMs, expiresMs }
    // noted first: what was told and not noted could not be taken back
    await this.#given.add(given)
    try {
      await tell(to, toHex(vouch))
    } catch (err) {
      await (before === undefined ? this.#given.remove(given) : this.#given.add(before))
      throw err
    }
    onChange(about)
  }

  /**
   * Takes our word for `about` back from everybody who has it. Whom it cannot be told (`tell` fails) is still remembered,
   * and the first such error is thrown when all others have been told.
   * @throws VouchRefusedError when nobody has it
   */
  async withdraw(about: Fingerprint, tell: TellVouch): Promise<void> {
    const { crypto, identity, now, onChange } = this.#init
    const told = this.#given.about(about, now())
    if (told.length === 0) {
      throw new VouchRefusedError('vouch-untold', 'nobody has your word for this person')
    }
    const failures: unknown[] = []
    for (const given of told) {
      // a clock that was set back must not make it the older one
      const issuedMs = Math.max(now(), given.issuedMs + 1)
      const bytes = await makeVouchWithdrawal(crypto, identity.signing, about, issuedMs)
      try {
        await tell(given.to, toHex(bytes))
        await this.#given.remove(given)
      } catch (err) {
        failures.push(err)
      }
    }
    onChange(about)
    if (failures.length > 0) throw failures[0]
  }

  /**
   * Takes what a contact told us; resolves with whom it is about when it says something new, durable by then.
   * @throws InvalidVouchError for one that does not hold, or is somebody else's
   */
  async take(from: Fingerprint, content: VouchContent): Promise<VouchNews | undefined> {
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
    const wasVouched = this.#book.isVouched(from, subject)
    if (!(await this.#book.add({ ...vouch, bytes: content.vouch }))) return undefined
    const isWithdrawn = isWithdrawal(vouch)
    // what was never said, or is forgotten, need not be unsaid aloud
    if (isWithdrawn && !wasVouched) return undefined
    onChange(subject)
    return { subject, isWithdrawn }
  }

  of(fingerprint: Fingerprint): PersonTrust {
    const now = this.#init.now()
    const vouches = this.#book.inForce(now)
    const verified = this.#init.people.all().filter((person) => person.verified)
    const trusted = new Set(verified.map((person) => person.fingerprint))
    return {
      chain: (findVouchChain(vouches, trusted, fingerprint) ?? []).map(toLink),
      vouchedForBy: vouches.filter(({ subject }) => subject === fingerprint).map(toLink),
      vouchesFor: vouches.filter(({ voucher }) => voucher === fingerprint).map(toLink),
      withdrawnBy: this.#book
        .withdrawn(now)
        .filter(({ subject }) => subject === fingerprint)
        .map(({ voucher, issuedMs }) => ({ voucher, withdrawnAt: issuedMs })),
      toldTo: this.#given
        .about(fingerprint, now)
        .map(({ to, expiresMs }) => ({ to, expiresAt: expiresMs })),
    }
  }

  #isVerified(fingerprint: Fingerprint): boolean {
    return this.#init.people.get(fingerprint)?.verified === true
  }
}

function toLink({ voucher, subject, issuedMs, expiresMs }: Vouch): VouchLink {
  return { voucher, subject, issuedAt: issuedMs, expiresAt: expiresMs }
}
