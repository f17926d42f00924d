import { MAX_EARLY_AGE_MS, MAX_EARLY_AMENDMENTS, MAX_EARLY_BYTES } from './constants.ts'
import { encodeContent } from '../../message/content.ts'
import { messageIdTime } from '../../message/message-id.ts'
import type { Amendment } from '../../message/amendments.ts'
import type { RecordStore } from '../../store/record-store.ts'

/**
 * Amendments that came before their message: `early/<fingerprint>/<id>`. Of each kind the last one for a message is
 * kept; of too many, or too large ones, the oldest is let go.
 */
export class EarlyAmendments {
  readonly #records: RecordStore
  readonly #prefix: string
  readonly #now: () => number
  readonly #held = new Map<string, Amendment>()
  #bytes = 0

  constructor(records: RecordStore, fingerprint: string, now: () => number) {
    this.#records = records
    this.#prefix = `early/${fingerprint}/`
    this.#now = now
  }

  get size(): number {
    return this.#held.size
  }

  async load(): Promise<void> {
    for await (const amendment of this.#records.iterate<Amendment>({ prefix: this.#prefix })) {
      this.#remember(amendment)
    }
    const oldest = this.#now() - MAX_EARLY_AGE_MS
    await this.#drop([...this.#held.values()].filter(({ id }) => messageIdTime(id) < oldest))
  }

  /** Durable when it resolves. */
  async hold(amendment: Amendment): Promise<void> {
    const { type, target } = amendment
    const replaced = this.#about(target).filter((one) => one.type === type)
    const kept = [...replaced, amendment].reduce((a, b) => (versionOf(b) > versionOf(a) ? b : a))
    if (kept !== amendment) return
    this.#remember(amendment)
    await this.#records.put(this.#prefix + amendment.id, amendment)
    await this.#drop(replaced)
    const surplus: Amendment[] = []
    let [size, bytes] = [this.#held.size, this.#bytes]
    for (const one of this.#held.values()) {
      if (size <= MAX_EARLY_AMENDMENTS && bytes <= MAX_EARLY_BYTES) break
      surplus.push(one)
      size--
      bytes -= bytesOf(one)
    }
    await this.#drop(surplus)
  }

  /** What waits for a message. */
  of(target: string): readonly Amendment[] {
    return this.#about(target)
  }

  /** The message has come, and is stored. */
  async settle(target: string): Promise<void> {
    await this.#drop(this.#about(target))
  }

  #about(target: string): Amendment[] {
    return [...this.#held.values()].filter((one) => one.target === target)
  }

  #remember(amendment: Amendment): void {
    if (this.#held.has(amendment.id)) return
    this.#held.set(amendment.id, amendment)
    this.#bytes += bytesOf(amendment)
  }

  async #drop(amendments: readonly Amendment[]): Promise<void> {
    if (amendments.length === 0) return
    for (const amendment of amendments) {
      if (this.#held.delete(amendment.id)) this.#bytes -= bytesOf(amendment)
    }
    await this.#records.putAll(amendments.map(({ id }) => [this.#prefix + id, undefined]))
  }
}

/** A deletion has none, and outdoes nothing but itself. */
function versionOf(amendment: Amendment): number {
  return 'version' in amendment && typeof amendment.version === 'number' ? amendment.version : 0
}

function bytesOf(amendment: Amendment): number {
  return encodeContent(amendment).byteLength
}
