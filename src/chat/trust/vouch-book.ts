import { MAX_VOUCHES, MAX_VOUCHES_PER_VOUCHER, VOUCH_LIFETIME_MS } from './constants.ts'
import { isWithdrawal, supersedes, type Vouch } from '../../crypto/vouch.ts'
import type { Fingerprint } from '../api.ts'
import type { RecordStore } from '../store/record-store.ts'

/** A vouch as it is kept: what it says, and the bytes that prove it. */
export interface KeptVouch extends Vouch {
  readonly bytes: string
}

/**
 * What contacts told us of others, at rest `vouch/<voucher>/<subject>`: the newest for each pair, a bounded number. A
 * withdrawal stays like a vouch, or an old one that comes again would count.
 */
export class VouchBook {
  readonly #records: RecordStore
  /** Of those who vouch, whom the user verified: theirs are let go last. */
  readonly #isVerified: (fingerprint: Fingerprint) => boolean
  readonly #vouches = new Map<string, KeptVouch>()

  constructor(records: RecordStore, isVerified: (fingerprint: Fingerprint) => boolean) {
    this.#records = records
    this.#isVerified = isVerified
  }

  async load(): Promise<void> {
    for await (const vouch of this.#records.iterate<KeptVouch>({ prefix: 'vouch/' })) {
      this.#vouches.set(pathOf(vouch), vouch)
    }
  }

  /** Those that hold at `nowMs`. */
  inForce(nowMs: number): KeptVouch[] {
    return [...this.#vouches.values()].filter(
      (vouch) => !isWithdrawal(vouch) && nowMs < vouch.expiresMs,
    )
  }

  /** Those taken back, as long as the user may remember them. */
  withdrawn(nowMs: number): KeptVouch[] {
    return [...this.#vouches.values()].filter(
      (vouch) => isWithdrawal(vouch) && nowMs - vouch.issuedMs < VOUCH_LIFETIME_MS,
    )
  }

  /** Whether the last that the one said of the other is a vouch. */
  isVouched(voucher: Fingerprint, subject: Fingerprint): boolean {
    const kept = this.#vouches.get(pathOf({ voucher, subject }))
    return kept !== undefined && !isWithdrawal(kept)
  }

  /** Durable when it resolves; false for one that says nothing new. */
  async add(vouch: KeptVouch): Promise<boolean> {
    const path = pathOf(vouch)
    const before = this.#vouches.get(path)
    if (before !== undefined && !supersedes(vouch, before)) return false
    this.#vouches.set(path, vouch)
    const surplus = this.#surplus(vouch)
    for (const one of surplus) this.#vouches.delete(pathOf(one))
    await this.#records.putAll([
      [path, vouch],
      ...surplus.map((one) => [pathOf(one), undefined] as const),
    ])
    return true
  }

  /** What has to go so that `newest` fits: the oldest of its voucher, or of people whom nobody verified. */
  #surplus(newest: KeptVouch): KeptVouch[] {
    const others = [...this.#vouches.values()].filter((one) => one !== newest)
    const own = others.filter(({ voucher }) => voucher === newest.voucher).sort(byAge)
    if (own.length >= MAX_VOUCHES_PER_VOUCHER) return own.slice(0, 1)
    if (others.length < MAX_VOUCHES) return []
    const idle = others.filter(({ voucher }) => !this.#isVerified(voucher))
    return (idle.length > 0 ? idle : others).sort(byAge).slice(0, 1)
  }
}

function pathOf({ voucher, subject }: Pick<Vouch, 'voucher' | 'subject'>): string {
  return `vouch/${voucher}/${subject}`
}

function byAge(a: Vouch, b: Vouch): number {
  return a.issuedMs - b.issuedMs
}
