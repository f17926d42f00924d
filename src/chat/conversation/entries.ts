import type { Entry } from './entry.ts'

export interface EntriesInit {
  readonly create: (fingerprint: string, peerId: string | undefined) => Entry
  /** Reads what is kept of it. */
  readonly load: (entry: Entry) => Promise<void>
}

/** The conversations that are open, by the other person's fingerprint. */
export class Entries {
  readonly #init: EntriesInit
  readonly #opening = new Map<string, Promise<Entry>>()
  readonly #ready = new Map<string, Entry>()

  constructor(init: EntriesInit) {
    this.#init = init
  }

  /** One that is loaded. */
  get(fingerprint: string): Entry | undefined {
    return this.#ready.get(fingerprint)
  }

  /** All that are loaded. */
  all(): Entry[] {
    return [...this.#ready.values()]
  }

  /** One that is loaded, or will be. */
  opening(fingerprint: string): Promise<Entry> | undefined {
    return this.#opening.get(fingerprint)
  }

  open(fingerprint: string, peerId?: string): Promise<Entry> {
    let entry = this.#opening.get(fingerprint)
    if (entry === undefined) {
      entry = this.#load(fingerprint, peerId)
      this.#opening.set(fingerprint, entry)
      // a store that failed once may work the next time
      entry.catch(() => this.#opening.delete(fingerprint))
    }
    return entry
  }

  isCurrent(entry: Entry): boolean {
    return this.#ready.get(entry.fingerprint) === entry
  }

  /** Lets go of one; what is kept of it stays. */
  forget(entry: Entry): void {
    if (!this.isCurrent(entry)) return
    const { fingerprint, flow, link } = entry
    this.#ready.delete(fingerprint)
    this.#opening.delete(fingerprint)
    flow.stop()
    void link.stop()
  }

  async #load(fingerprint: string, peerId: string | undefined): Promise<Entry> {
    const entry = this.#init.create(fingerprint, peerId)
    await this.#init.load(entry)
    this.#ready.set(fingerprint, entry)
    if (entry.flow.pending > 0) entry.link.poke()
    return entry
  }
}
