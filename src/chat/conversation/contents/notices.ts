import { MAX_NOTICES } from './constants.ts'
import { InvalidContentError } from '../../errors.ts'
import type { Content } from '../../message/content.ts'
import type { RecordStore } from '../../store/record-store.ts'
import type { Deliverable, DeliverySource } from '../deliverable.ts'

interface Notice extends Deliverable {
  /** What it replaces, and is replaced by: `edit/<target>`. Without one it stands for itself. */
  readonly key?: string
}

/**
 * What is to be delivered besides messages: edits, reactions, deletions, receipts, agreements. Kept under
 * `outbox/<fingerprint>/<id>` until it is acknowledged; of what a later one replaces, only the latest waits.
 */
export class Notices implements DeliverySource {
  readonly #records: RecordStore
  readonly #prefix: string
  readonly #notices = new Map<string, Notice>()
  readonly #idByKey = new Map<string, string>()

  constructor(records: RecordStore, fingerprint: string) {
    this.#records = records
    this.#prefix = `outbox/${fingerprint}/`
  }

  get size(): number {
    return this.#notices.size
  }

  *waiting(): Iterable<Deliverable> {
    yield* [...this.#notices.values()]
  }

  async load(): Promise<void> {
    for await (const notice of this.#records.iterate<Notice>({ prefix: this.#prefix })) {
      this.#remember(notice)
    }
  }

  /** Durable when it resolves. @throws InvalidContentError */
  async add(content: Content, key?: string): Promise<void> {
    const replaced = key === undefined ? undefined : this.#idByKey.get(key)
    if (replaced === undefined && this.size >= MAX_NOTICES) {
      throw new InvalidContentError('too much waits for this person')
    }
    const notice: Notice = key === undefined ? { content } : { key, content }
    const path = this.#prefix + content.id
    if (replaced === undefined) {
      await this.#records.put(path, notice)
    } else {
      this.#notices.delete(replaced)
      await this.#records.putAll([
        [this.#prefix + replaced, undefined],
        [path, notice],
      ])
    }
    this.#remember(notice)
  }

  /** Forgets what waits under a key: it makes no difference any more. */
  async drop(key: string): Promise<void> {
    const id = this.#idByKey.get(key)
    if (id !== undefined) await this.acknowledged(id)
  }

  /** Forgets all that waits. */
  async clear(): Promise<void> {
    for (const id of [...this.#notices.keys()]) await this.acknowledged(id)
  }

  /** Nothing is shown of it. */
  sent(): void {}

  async acknowledged(id: string): Promise<void> {
    const notice = this.#notices.get(id)
    if (notice === undefined) return
    this.#notices.delete(id)
    if (notice.key !== undefined && this.#idByKey.get(notice.key) === id) {
      this.#idByKey.delete(notice.key)
    }
    await this.#records.delete(this.#prefix + id)
  }

  expired(id: string): Promise<void> {
    return this.acknowledged(id)
  }

  #remember(notice: Notice): void {
    this.#notices.set(notice.content.id, notice)
    if (notice.key !== undefined) this.#idByKey.set(notice.key, notice.content.id)
  }
}
