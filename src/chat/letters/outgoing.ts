import { encodeContent } from '../message/content.ts'
import { MAX_CONTENT_A_LETTER_BYTES, MAX_MESSAGES_A_LETTER } from './constants.ts'
import { LookupUnansweredError } from '../errors.ts'
import { NoBundleError, PrekeysRefusedError } from './errors.ts'
import { Parcel, type ParcelRecord } from './parcel.ts'
import type { AbortOptions, Logger } from '@libp2p/interface'
import type { RecordStore } from '../store/record-store.ts'
import type { Mailboxes } from '../mailbox/index.ts'
import type { Correspondence, PostingFailure, WaitingContent } from './correspondence.ts'
import type { LetterWriter } from './letter-writer.ts'

export interface OutgoingInit {
  /** The other person. */
  readonly fingerprint: string
  readonly records: Pick<RecordStore, 'get' | 'put'>
  readonly writer: Pick<LetterWriter, 'write'>
  readonly mailboxes: Pick<Mailboxes, 'deposit'>
  readonly correspondence: Correspondence
  readonly now: () => number
  readonly log: Logger
  /** How long a message tries to get through directly first; longer while a channel is up. */
  readonly delayMs: number
  /** Letters under way take turns, over all conversations. */
  readonly inTurn: <Result>(task: () => Promise<Result>) => Promise<Result>
  /** Messages of theirs that wait for our acknowledgement: every letter carries them. */
  readonly unacknowledged: () => readonly Uint8Array[]
  readonly onAcknowledged: (ids: readonly Uint8Array[]) => void
  readonly signal: AbortSignal
}

/** How much longer a message waits for a channel that is up to deliver it. */
const CONNECTED_FACTOR = 4

/** Timers hold no more than 31 bits; whatever is due later is looked at again by then. */
const MAX_TIMER_MS = 60 * 60 * 1000

/**
 * What goes to one person by letter. A message that direct delivery did not get through in time goes into a letter as
 * well, and goes on waiting for its acknowledgement: whichever way is faster, the other side shows it once.
 */
export class Outgoing {
  readonly #init: OutgoingInit
  /** Since when each message without a parcel waits, as we noticed. */
  readonly #since = new Map<string, number>()
  readonly #parcels = new Map<string, Parcel>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #timerAt = Infinity
  #posting = false
  #past: 'unread' | 'being read' | 'known' = 'unread'

  constructor(init: OutgoingInit) {
    this.#init = init
    init.signal.addEventListener('abort', () => {
      clearTimeout(this.#timer)
    })
  }

  /** Something waits for this person, or not any more. Arranges for what has to be done about it, and when. */
  notice(): void {
    if (this.#posting || this.#init.signal.aborted) return
    if (this.#past !== 'known') {
      if (this.#past === 'unread') void this.#load()
      return
    }
    const waiting = this.#waiting()
    const times = waiting.map(
      ({ content: { id } }) => this.#parcels.get(id)?.dueAt ?? this.#due(id),
    )
    this.#wakeAt(Math.min(Infinity, ...times))
  }

  /** The network is there again: what could not be deposited is tried now. */
  hurry(): void {
    for (const parcel of this.#parcels.values()) parcel.hurry(this.#init.now())
    this.notice()
  }

  /** Acknowledges what their letters brought, in a letter of its own; resolves with how many mailboxes hold that. @throws what writing throws */
  async acknowledge(options: AbortOptions): Promise<number> {
    const { fingerprint, writer, mailboxes, inTurn, unacknowledged, onAcknowledged } = this.#init
    return inTurn(async () => {
      const ids = unacknowledged()
      if (ids.length === 0) return 0
      const { contact, letter } = await writer.write(fingerprint, [], ids, options)
      const count = await mailboxes.deposit(contact, letter, options)
      if (count > 0) onAcknowledged(ids)
      return count
    })
  }

  /** Takes up what was done before a restart. What cannot be read is done again, which harms nobody. */
  async #load(): Promise<void> {
    const { records, correspondence, fingerprint, now, log } = this.#init
    this.#past = 'being read'
    try {
      const kept = (await records.get<readonly ParcelRecord[]>(this.#path())) ?? []
      for (const record of kept) {
        const parcel = Parcel.restore(record, now())
        for (const id of parcel.ids) this.#parcels.set(id, parcel)
        if (parcel.count > 0) correspondence.stored(fingerprint, parcel.ids, parcel.count)
      }
    } catch (err) {
      log('what was posted before is not known - %e', err)
    }
    this.#past = 'known'
    this.notice()
  }

  async #save(): Promise<void> {
    const parcels = [...new Set(this.#parcels.values())]
    await this.#init.records.put(
      this.#path(),
      parcels.map((parcel) => parcel.record()),
    )
  }

  #path(): string {
    return `letters-sent/${this.#init.fingerprint}`
  }

  /** What waits right now; what does not any more is forgotten. */
  #waiting(): readonly WaitingContent[] {
    const { correspondence, fingerprint, now } = this.#init
    const waiting = correspondence.waiting(fingerprint)
    const ids = new Set(waiting.map(({ content }) => content.id))
    for (const id of this.#since.keys()) if (!ids.has(id)) this.#since.delete(id)
    for (const id of this.#parcels.keys()) if (!ids.has(id)) this.#parcels.delete(id)
    for (const id of ids) if (!this.#since.has(id)) this.#since.set(id, now())
    return waiting
  }

  #due(id: string): number {
    const { correspondence, fingerprint, delayMs, now } = this.#init
    const factor = correspondence.isConnected(fingerprint) ? CONNECTED_FACTOR : 1
    return (this.#since.get(id) ?? now()) + delayMs * factor
  }

  #wakeAt(time: number): void {
    clearTimeout(this.#timer)
    this.#timerAt = time
    if (time === Infinity) return
    const delayMs = Math.min(Math.max(0, time - this.#init.now()), MAX_TIMER_MS)
    this.#timer = setTimeout(() => {
      if (this.#timerAt > this.#init.now()) this.notice()
      else {
        this.#post().catch((err: unknown) => {
          this.#init.log('letters have to wait - %e', err)
        })
      }
    }, delayMs)
  }

  async #post(): Promise<void> {
    if (this.#posting) return
    this.#posting = true
    try {
      const { now } = this.#init
      const waiting = this.#waiting()
      const alone = waiting.filter(({ content: { id } }) => !this.#parcels.has(id))
      // when one has waited long enough, the others may as well go with it
      const isTime = alone.some(({ content: { id } }) => this.#due(id) <= now())
      const fresh = isTime ? alone : []
      for (const part of parts(fresh)) {
        const parcel = new Parcel(
          part.map(({ content }) => content.id),
          now(),
        )
        for (const id of parcel.ids) this.#parcels.set(id, parcel)
      }
      const due = new Set([...this.#parcels.values()].filter(({ dueAt }) => dueAt <= now()))
      for (const parcel of due) await this.#init.inTurn(() => this.#postOne(parcel))
      if (due.size > 0) await this.#save()
    } finally {
      this.#posting = false
      this.notice()
    }
  }

  /** Never throws: what does not work now is tried again. */
  async #postOne(parcel: Parcel): Promise<void> {
    const { fingerprint, writer, mailboxes, correspondence, now, log, signal } = this.#init
    let count = 0
    let acknowledged: readonly Uint8Array[] = []
    let failure: PostingFailure = 'no-mailbox'
    correspondence.posting(fingerprint)
    try {
      let written = parcel.letter(now())
      if (written === undefined) {
        const contents = this.#waiting().filter(({ content }) => parcel.ids.includes(content.id))
        if (contents.length === 0) return
        acknowledged = this.#init.unacknowledged()
        written = await writer.write(fingerprint, contents, acknowledged, { signal })
        parcel.written(written, now())
      }
      count = await mailboxes.deposit(written.contact, written.letter, { signal })
      if (count > 0) this.#init.onAcknowledged(acknowledged)
    } catch (err) {
      failure = failureOf(err)
      log('no letter to %s yet - %e', fingerprint.slice(0, 8), err)
    }
    parcel.attempted(count, now())
    if (parcel.count > 0) correspondence.stored(fingerprint, parcel.ids, parcel.count)
    else correspondence.posting(fingerprint, failure)
  }
}

function failureOf(err: unknown): PostingFailure {
  if (err instanceof PrekeysRefusedError) return err.reason
  const isUnknown = err instanceof NoBundleError || err instanceof LookupUnansweredError
  return isUnknown ? 'no-keys' : 'no-mailbox'
}

/** Parts that are each fit for one letter, in order. */
function parts(contents: readonly WaitingContent[]): WaitingContent[][] {
  const letters: WaitingContent[][] = []
  let bytes = Infinity
  for (const waiting of contents) {
    const size = encodeContent(waiting.content).byteLength
    const last = letters.at(-1)
    const isFull =
      last === undefined ||
      last.length >= MAX_MESSAGES_A_LETTER ||
      bytes + size > MAX_CONTENT_A_LETTER_BYTES
    if (isFull) {
      letters.push([waiting])
      bytes = size
    } else {
      last.push(waiting)
      bytes += size
    }
  }
  return letters
}
