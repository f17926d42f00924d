import type { RecordStore } from '../store/record-store.ts'

interface ConversationRecord {
  /** Incoming messages up to this place were seen by the user. */
  readonly readOrder: number
  /** Places before it of what came after it was written, and is unread. */
  readonly late?: readonly number[]
}

/** How far one conversation was read: `conversation/<fingerprint>`. */
export class ReadMarks {
  readonly #records: RecordStore
  readonly #path: string
  readonly #late = new Set<number>()
  #readOrder = 0
  /** Places of what came in and was not read. */
  readonly #unread = new Set<number>()

  constructor(records: RecordStore, fingerprint: string) {
    this.#records = records
    this.#path = `conversation/${fingerprint}`
  }

  /** Everything that came in behind this place is unread, and has to be noted. */
  get readOrder(): number {
    return this.#readOrder
  }

  get count(): number {
    return this.#unread.size
  }

  /** In order. */
  get unread(): number[] {
    return [...this.#unread].sort((a, b) => a - b)
  }

  /** @param isTaken whether a message stands at a place */
  async load(isTaken: (order: number) => Promise<boolean>): Promise<void> {
    const record = await this.#records.get<ConversationRecord>(this.#path)
    this.#readOrder = record?.readOrder ?? 0
    for (const order of record?.late ?? []) {
      this.#late.add(order)
      if (await isTaken(order)) this.#unread.add(order)
    }
  }

  /** A message of the other side stands at this place. */
  note(order: number): void {
    if (order > this.#readOrder) this.#unread.add(order)
  }

  /**
   * A message is about to be stored at this place: what fills a gap before messages that were read is unread all the
   * same. Resolves with what to call when it is stored.
   */
  async expect(order: number): Promise<() => void> {
    if (order > this.#readOrder) return () => undefined
    this.#late.add(order)
    await this.#put()
    return () => void this.#unread.add(order)
  }

  /** There is none at this place any more. */
  remove(order: number): void {
    this.#unread.delete(order)
  }

  /** The user has seen everything up to this place. */
  async readTo(order: number): Promise<void> {
    if (this.#unread.size === 0) return
    this.#unread.clear()
    this.#late.clear()
    this.#readOrder = order
    await this.#put()
  }

  #put(): Promise<void> {
    const record: ConversationRecord = { readOrder: this.#readOrder, late: [...this.#late] }
    return this.#records.put(this.#path, record)
  }
}
