import { RateLimiter } from '../rooms/rate-limiter.ts'
import {
  MAX_NEW_REQUESTS,
  MAX_REQUEST_BYTES,
  MAX_REQUEST_MESSAGES,
  MAX_REQUESTS,
  NEW_REQUESTS_WINDOW_MS,
} from './constants.ts'
import type { Sighting } from '../people/people.ts'
import type { RecordStore } from '../store/record-store.ts'

/** What is kept of a stranger who asked, besides what they wrote. */
export interface RequestRecord extends Sighting {
  /** When they first wrote, ms since 1970 by our clock. */
  readonly since: number
  readonly messages: number
  readonly bytes: number
  /** They wrote more than is kept: the rest waits with them, in order, until they are accepted. */
  readonly isFull?: true
}

/**
 * Strangers' first messages at rest: `request/<fingerprint>`, while what they wrote is kept as any conversation is.
 *
 * When there are too many requests, new ones are refused rather than old ones forgotten: what we kept we acknowledged,
 * and nothing acknowledged is lost. What is refused stays in its author's outbox, and comes again.
 */
export class RequestBook {
  readonly #records: RecordStore
  readonly #now: () => number
  readonly #requests = new Map<string, RequestRecord>()
  readonly #newcomers = new RateLimiter(MAX_NEW_REQUESTS, NEW_REQUESTS_WINDOW_MS)

  constructor(records: RecordStore, now: () => number) {
    this.#records = records
    this.#now = now
  }

  async load(): Promise<void> {
    for await (const request of this.#records.iterate<RequestRecord>({ prefix: 'request/' })) {
      this.#requests.set(request.fingerprint, request)
    }
  }

  get(fingerprint: string): RequestRecord | undefined {
    return this.#requests.get(fingerprint)
  }

  all(): readonly RequestRecord[] {
    return [...this.#requests.values()]
  }

  /** Whether a text of so many bytes is kept. Durable when it resolves: the text is to be stored after it. */
  async admit(stranger: Sighting, bytes: number): Promise<boolean> {
    const { fingerprint } = stranger
    const before = this.#requests.get(fingerprint) ?? this.#begin(stranger)
    if (before === undefined || before.isFull === true) return false
    const isFull =
      before.messages >= MAX_REQUEST_MESSAGES || before.bytes + bytes > MAX_REQUEST_BYTES
    // once something has to wait, all that follows does: it would get in front
    const after: RequestRecord = isFull
      ? { ...before, isFull }
      : { ...before, messages: before.messages + 1, bytes: before.bytes + bytes }
    await this.#put(after)
    return !isFull
  }

  /** How they call themselves; they may say so before they ask. */
  async named(fingerprint: string, name: string): Promise<void> {
    const request = this.#requests.get(fingerprint)
    if (request !== undefined && request.name !== name) await this.#put({ ...request, name })
  }

  /** The user has answered. */
  async remove(fingerprint: string): Promise<void> {
    if (!this.#requests.delete(fingerprint)) return
    await this.#records.delete(`request/${fingerprint}`)
  }

  #begin(stranger: Sighting): RequestRecord | undefined {
    const now = this.#now()
    if (this.#requests.size >= MAX_REQUESTS || !this.#newcomers.allow('', now)) return undefined
    return { ...stranger, since: now, messages: 0, bytes: 0 }
  }

  async #put(request: RequestRecord): Promise<void> {
    this.#requests.set(request.fingerprint, request)
    await this.#records.put(`request/${request.fingerprint}`, request)
  }
}
