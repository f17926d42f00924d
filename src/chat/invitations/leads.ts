import { MAX_LEADS } from './constants.ts'
import type { Fingerprint, Person } from '../api.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { Invitation } from './invitation.ts'

/** Somebody whom the user wants to talk to and never met: what is known of the way to them. At rest `lead/<fingerprint>`. */
export type Lead = Invitation

/**
 * Those whom the user turned to and who have not answered yet. A first message to somebody may have to wait for days:
 * what is known of the way there is kept as long, over restarts. Forgotten once there is a session.
 */
export class Leads {
  readonly #records: RecordStore
  /** Links that were opened, and whom nobody turned to yet. */
  readonly #opened = new Map<Fingerprint, Lead>()
  readonly #kept = new Map<Fingerprint, Lead>()

  constructor(records: RecordStore) {
    this.#records = records
  }

  async load(): Promise<void> {
    for await (const lead of this.#records.iterate<Lead>({ prefix: 'lead/' }))
      this.#kept.set(lead.fingerprint, lead)
  }

  get(fingerprint: Fingerprint): Lead | undefined {
    return this.#kept.get(fingerprint) ?? this.#opened.get(fingerprint)
  }

  /** Whom the user turned to. */
  all(): Lead[] {
    return [...this.#kept.values()]
  }

  isSought(fingerprint: Fingerprint): boolean {
    return this.#kept.has(fingerprint)
  }

  /** A link was opened. What it says counts instead of what an earlier one said. */
  async opened(lead: Lead): Promise<void> {
    const { fingerprint } = lead
    this.#opened.delete(fingerprint)
    this.#opened.set(fingerprint, lead)
    dropOldest(this.#opened)
    if (this.isSought(fingerprint)) await this.#keep(lead)
  }

  /** The user turns to somebody who is no contact yet. Durable when it resolves. */
  async seek(person: Person): Promise<void> {
    const { fingerprint, peerId, name, multiaddrs } = person
    if (this.isSought(fingerprint)) return
    const known: Lead = {
      fingerprint,
      addresses: [...multiaddrs],
      relays: [],
      entrances: [],
      ...(peerId === '' ? {} : { peerId }),
      ...(name === undefined ? {} : { name }),
    }
    await this.#keep(this.#opened.get(fingerprint) ?? known)
  }

  /** They were met, or the user does not want them. */
  async forget(fingerprint: Fingerprint): Promise<void> {
    this.#opened.delete(fingerprint)
    if (!this.#kept.delete(fingerprint)) return
    await this.#records.delete(`lead/${fingerprint}`)
  }

  async #keep(lead: Lead): Promise<void> {
    this.#kept.set(lead.fingerprint, lead)
    for (const gone of dropOldest(this.#kept)) await this.#records.delete(`lead/${gone}`)
    await this.#records.put(`lead/${lead.fingerprint}`, lead)
  }
}

function dropOldest(leads: Map<Fingerprint, Lead>): Fingerprint[] {
  const surplus = [...leads.keys()].slice(0, Math.max(0, leads.size - MAX_LEADS))
  for (const fingerprint of surplus) leads.delete(fingerprint)
  return surplus
}
