import type { Fingerprint, Person, PersonTrust, ToldVouch, VouchLink } from '../../chat/api.ts'
import { ALICE, ARABIC, BORIS, MEI, OFFLINE, SELF } from './cast.ts'

const DAY_MS = 24 * 60 * 60_000

/** Mei is the one whom the user verified: Boris is one step from there, Layla two, Ingrid none. */
const TOLD: readonly (readonly [voucher: Person, subject: Person, daysAgo: number])[] = [
  [MEI, BORIS, 30],
  [ALICE, BORIS, 10],
  [BORIS, ARABIC, 3],
  [ALICE, OFFLINE, 1],
]

/** What the fake contacts say about each other. */
export class MockTrust {
  readonly #links: readonly VouchLink[] = TOLD.map(([voucher, subject, daysAgo]) => ({
    voucher: voucher.fingerprint,
    subject: subject.fingerprint,
    issuedAt: Date.now() - daysAgo * DAY_MS,
    expiresAt: Date.now() + (180 - daysAgo) * DAY_MS,
  }))

  /** Whom we told: about whom, and to whom. */
  #told: (ToldVouch & { readonly about: Fingerprint })[] = []

  tell(about: Fingerprint, to: Fingerprint): void {
    this.#told.push({ about, to, expiresAt: Date.now() + 180 * DAY_MS })
  }

  /** Those who had our word for somebody. */
  withdraw(about: Fingerprint): Fingerprint[] {
    const told = this.#told.filter((each) => each.about === about)
    this.#told = this.#told.filter((each) => each.about !== about)
    return told.map(({ to }) => to)
  }

  of(fingerprint: Fingerprint, people: ReadonlyMap<Fingerprint, Person>): PersonTrust {
    return {
      chain: this.#chain(fingerprint, people) ?? [],
      vouchedForBy: this.#links.filter(({ subject }) => subject === fingerprint),
      vouchesFor: this.#links.filter(({ voucher }) => voucher === fingerprint),
      withdrawnBy:
        fingerprint === OFFLINE.fingerprint
          ? [{ voucher: MEI.fingerprint, withdrawnAt: Date.now() - DAY_MS }]
          : [],
      toldTo: this.#told.filter(({ about }) => about === fingerprint),
    }
  }

  #chain(
    fingerprint: Fingerprint,
    people: ReadonlyMap<Fingerprint, Person>,
  ): VouchLink[] | undefined {
    if (people.get(fingerprint)?.verified === true) return []
    for (const link of this.#links.filter(({ subject }) => subject === fingerprint)) {
      const before = this.#chain(link.voucher, people)
      if (before !== undefined) return [...before, link]
    }
    return undefined
  }
}

/** A key that is none, in the right shape. */
export function fakePem(fingerprint: Fingerprint): string {
  const body = btoa(fingerprint + SELF.fingerprint.slice(0, 27))
  const lines = body.match(/.{1,64}/gu) ?? []
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n')
}
