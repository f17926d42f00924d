import { MAX_TIMER_MS } from './constants.ts'
import type { RecordStore } from '../../store/record-store.ts'
import type { StoredMessage } from '../history.ts'
import type { MessageBook } from './message-book.ts'

interface Deadline {
  readonly id: string
  readonly seconds: number
  /** Set once its time runs. */
  readonly expiresAt?: number
}

export interface DisappearingInit {
  readonly records: RecordStore
  readonly fingerprint: string
  readonly book: MessageBook
  readonly now: () => number
}

/**
 * Messages that go by themselves: ours so long after they were delivered, theirs so long after they were read. Which
 * they are is kept beside them, `disappearing/<fingerprint>/<id>`, written first: no message outlives its time because
 * the program ended in between, and none overdue is shown at the next start.
 */
export class Disappearing {
  readonly #init: DisappearingInit
  readonly #prefix: string
  readonly #deadlines = new Map<string, Deadline>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped = false

  constructor(init: DisappearingInit) {
    this.#init = init
    this.#prefix = `disappearing/${init.fingerprint}/`
  }

  /** Removes what is overdue; call before anything is shown. */
  async load(): Promise<void> {
    const { records, book } = this.#init
    for await (const deadline of records.iterate<Deadline>({ prefix: this.#prefix })) {
      this.#deadlines.set(deadline.id, deadline)
    }
    await this.#removeDue()
    for (const { id, expiresAt } of [...this.#deadlines.values()]) {
      if (expiresAt !== undefined) continue
      const message = await book.find(id)
      if (message === undefined) await this.#forget([id])
      else if (message.outgoing && isThere(message)) await this.start([message])
    }
  }

  /** A message is about to be stored. */
  async expect({ id, disappearsAfter }: StoredMessage): Promise<void> {
    if (disappearsAfter === undefined) return
    await this.#put({ id, seconds: disappearsAfter })
  }

  /** From now on their time runs. */
  async start(messages: readonly Pick<StoredMessage, 'id'>[]): Promise<void> {
    for (const { id } of messages) {
      const deadline = this.#deadlines.get(id)
      if (deadline === undefined || deadline.expiresAt !== undefined) continue
      const expiresAt = this.#init.now() + deadline.seconds * 1000
      await this.#put({ ...deadline, expiresAt })
      await this.#init.book.amend(id, (message) => ({ ...message, expiresAt }))
    }
    this.#schedule()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  async #removeDue(): Promise<void> {
    const now = this.#init.now()
    const due = [...this.#deadlines.values()]
      .filter(({ expiresAt = Infinity }) => expiresAt <= now)
      .map(({ id }) => id)
    await this.#init.book.remove(due)
    await this.#forget(due)
    this.#schedule()
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    const times = [...this.#deadlines.values()].map(({ expiresAt = Infinity }) => expiresAt)
    const next = Math.min(...times)
    if (this.#stopped || next === Infinity) return
    const delayMs = Math.min(Math.max(0, next - this.#init.now()), MAX_TIMER_MS)
    this.#timer = setTimeout(() => {
      // a store that fails keeps them for the next start, where they are removed before anything is shown
      this.#removeDue().catch(() => undefined)
    }, delayMs)
  }

  async #put(deadline: Deadline): Promise<void> {
    this.#deadlines.set(deadline.id, deadline)
    await this.#init.records.put(this.#prefix + deadline.id, deadline)
  }

  async #forget(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    for (const id of ids) this.#deadlines.delete(id)
    await this.#init.records.putAll(ids.map((id) => [this.#prefix + id, undefined]))
  }
}

function isThere({ state }: StoredMessage): boolean {
  return state === 'delivered' || state === 'read'
}
