import type { Fingerprint } from '../api.ts'
import type { RecordStore } from '../store/record-store.ts'

/** Whom we told our word for somebody. Times are milliseconds since 1970. */
export interface GivenVouch {
  readonly about: Fingerprint
  readonly to: Fingerprint
  readonly issuedMs: number
  readonly expiresMs: number
}

/** Our own vouches that others have, at rest `vouched/<about>/<to>`: whom a withdrawal must reach. */
export class GivenVouches {
  readonly #records: RecordStore
  readonly #given = new Map<string, GivenVouch>()

  constructor(records: RecordStore) {
    this.#records = records
  }

  async load(): Promise<void> {
    for await (const given of this.#records.iterate<GivenVouch>({ prefix: 'vouched/' })) {
      this.#given.set(pathOf(given), given)
    }
  }

  /** Those about a person that hold at `nowMs`, the oldest first. */
  about(fingerprint: Fingerprint, nowMs: number): GivenVouch[] {
    return [...this.#given.values()]
      .filter(({ about, expiresMs }) => about === fingerprint && nowMs < expiresMs)
      .sort((a, b) => a.issuedMs - b.issuedMs)
  }

  /** Durable when it resolves. */
  async add(given: GivenVouch): Promise<void> {
    this.#given.set(pathOf(given), given)
    await this.#records.put(pathOf(given), given)
  }

  async remove(given: GivenVouch): Promise<void> {
    this.#given.delete(pathOf(given))
    await this.#records.delete(pathOf(given))
  }
}

function pathOf({ about, to }: GivenVouch): string {
  return `vouched/${about}/${to}`
}
