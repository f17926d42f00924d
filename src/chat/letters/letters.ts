import { Semaphore } from '../connectivity/semaphore.ts'
import { Cards } from './card.ts'
import {
  ACKNOWLEDGE_DELAY_MS,
  COLLECT_ALL_INTERVAL_MS,
  COLLECT_EARLY_MS,
  COLLECT_FIRST_MS,
  COLLECT_INTERVAL_MS,
  EARLY_COLLECTIONS,
  LETTER_DELAY_MS,
  LETTER_LAST_RETRY_MS,
  MAX_CORRESPONDENTS,
  MAX_LETTERS_AT_ONCE,
  MAX_UNACKNOWLEDGED,
  NOTICE_DELAY_MS,
} from './constants.ts'
import { Incoming } from './incoming.ts'
import { KnownCertificates } from '../identity/known-certificates.ts'
import { LetterWriter } from './letter-writer.ts'
import { Outgoing } from './outgoing.ts'
import type { LettersComponents, LettersInit } from './index.ts'
import type { Logger } from '@libp2p/interface'
import type { Content } from '../message/content.ts'
import type { CardContent } from './card.ts'

export class Letters {
  readonly #components: LettersComponents
  readonly #init: LettersInit
  readonly #log: Logger
  readonly #cards: Cards
  readonly #writer: LetterWriter
  readonly #incoming: Incoming
  readonly #outgoing = new Map<string, Outgoing>()
  readonly #turns = new Semaphore(MAX_LETTERS_AT_ONCE)
  readonly #shutdown = new AbortController()
  readonly #noticed = new Set<string>()
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  readonly #acknowledging = new Map<string, Uint8Array[]>()
  #collecting: Promise<number> | undefined
  #collectTimer: ReturnType<typeof setTimeout> | undefined
  #collectedAllAt = -Infinity
  #isAlone = true
  #early = 0

  constructor(components: LettersComponents, init: LettersInit) {
    const { libp2p, crypto, sessions, records, mailboxes, prekeys, directory } = components
    const { identity, now, correspondence } = init
    this.#components = components
    this.#init = init
    this.#log = components.logger.forComponent('sotto:letters')
    const certificates = new KnownCertificates(crypto, MAX_CORRESPONDENTS)
    const tools = { crypto, sessions, identity, peerId: libp2p.peerId, certificates, now }
    this.#cards = new Cards(crypto, records, now)
    this.#writer = new LetterWriter({
      tools,
      cards: this.#cards,
      prekeys,
      directory,
      ownContact: () => mailboxes.contact,
      ownName: init.ownName,
      isContact: (fingerprint) => correspondence.isContact(fingerprint),
      ...(init.requirePrekeys && { requirePrekeys: init.requirePrekeys }),
    })
    this.#incoming = new Incoming({
      tools,
      prekeys,
      cards: this.#cards,
      correspondence,
      onRefusal: (err) => {
        this.#log('a letter was not taken - %e', err)
        init.onRefusal(err)
      },
      onFailure: (err) => {
        this.#log.error('a letter could not be stored - %e', err)
      },
      onStored: (fingerprint, ids) => {
        this.#acknowledgeSoon(fingerprint, ids)
      },
    })
  }

  start(): void {
    this.#components.libp2p.addEventListener('peer:identify', this.#onPeer)
    this.#components.libp2p.addEventListener('peer:disconnect', this.#onPeerGone)
    this.#onPeer()
    for (const fingerprint of this.#init.correspondence.everybody()) {
      if (this.#init.correspondence.waiting(fingerprint).length > 0) this.notice(fingerprint)
    }
  }

  async stop(): Promise<void> {
    this.#shutdown.abort()
    clearTimeout(this.#collectTimer)
    for (const timer of this.#timers) clearTimeout(timer)
    this.#components.libp2p.removeEventListener('peer:identify', this.#onPeer)
    this.#components.libp2p.removeEventListener('peer:disconnect', this.#onPeerGone)
    await this.#collecting?.catch(() => undefined)
    await Promise.allSettled(this.#underWay)
  }

  /** Something waits for somebody, or got through; looked at a moment later, once for all that is told meanwhile. */
  notice(fingerprint: string): void {
    if (this.#noticed.has(fingerprint)) return
    this.#noticed.add(fingerprint)
    this.#later(NOTICE_DELAY_MS, () => {
      this.#noticed.delete(fingerprint)
      this.#to(fingerprint).notice()
    })
  }

  /** Our card for somebody, told on every channel. */
  card(fingerprint: string): Promise<Content> {
    return this.#writer.card(fingerprint)
  }

  /** Somebody told us on a channel how to write to them. */
  heard(fingerprint: string, card: CardContent): Promise<void> {
    return this.#cards.heard(fingerprint, card)
  }

  /** Collects what waits for us now; resolves with how many letters there were. */
  collect(): Promise<number> {
    this.#collecting ??= this.#collect().finally(() => {
      this.#collecting = undefined
      this.#collectIn(this.#pauseMs())
    })
    return this.#collecting
  }

  #pauseMs(): number {
    const intervalMs = this.#init.collectIntervalMs ?? COLLECT_INTERVAL_MS
    return this.#early > 0 ? Math.min(COLLECT_EARLY_MS, intervalMs) : intervalMs
  }

  async #collect(): Promise<number> {
    const now = this.#init.now()
    const isTimeForAll = now - this.#collectedAllAt >= COLLECT_ALL_INTERVAL_MS
    const which = isTimeForAll ? 'all' : 'recent'
    const { signal } = this.#shutdown
    const { mailboxes } = this.#components
    const count = await mailboxes.collect(which, (letters) => this.#incoming.take(letters), {
      signal,
    })
    if (this.#early > 0) this.#early--
    else if (isTimeForAll) this.#collectedAllAt = now
    if (count > 0) this.#log('collected %d letters', count)
    return count
  }

  /** The first peer after a time without any: whatever could not be done is done now. */
  readonly #onPeer = (): void => {
    if (!this.#isAlone || this.#components.libp2p.getPeers().length === 0) return
    this.#isAlone = false
    this.#collectedAllAt = -Infinity
    this.#early = EARLY_COLLECTIONS
    this.#collectIn(COLLECT_FIRST_MS)
    for (const outgoing of this.#outgoing.values()) outgoing.hurry()
  }

  readonly #onPeerGone = (): void => {
    this.#isAlone = this.#components.libp2p.getPeers().length === 0
  }

  #collectIn(delayMs: number): void {
    clearTimeout(this.#collectTimer)
    if (this.#shutdown.signal.aborted) return
    this.#collectTimer = setTimeout(() => {
      this.collect().catch((err: unknown) => {
        this.#log.error('collecting letters failed - %e', err)
      })
    }, delayMs)
  }

  /** Whoever wrote may be there by now; if not, the acknowledgement goes by letter as well. */
  #acknowledgeSoon(fingerprint: string, ids: readonly Uint8Array[]): void {
    const { correspondence, acknowledgeDelayMs } = this.#init
    if (correspondence.acknowledge(fingerprint, ids)) return
    const gathered = this.#acknowledging.get(fingerprint)
    this.#acknowledging.set(fingerprint, [...(gathered ?? []), ...ids])
    if (gathered !== undefined) return
    correspondence.reach(fingerprint)
    this.#acknowledgeIn(fingerprint, acknowledgeDelayMs ?? ACKNOWLEDGE_DELAY_MS)
  }

  #acknowledgeIn(fingerprint: string, delayMs: number): void {
    this.#later(delayMs, () => void this.#acknowledge(fingerprint, delayMs))
  }

  #later(delayMs: number, task: () => void): void {
    if (this.#shutdown.signal.aborted) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      task()
    }, delayMs)
    this.#timers.add(timer)
  }

  /** What gets lost when we stop is asked for: the message comes again. */
  async #acknowledge(fingerprint: string, delayMs: number): Promise<void> {
    const ids = this.#acknowledging.get(fingerprint) ?? []
    if (this.#init.correspondence.acknowledge(fingerprint, ids)) this.#settled(fingerprint, ids)
    try {
      await this.#to(fingerprint).acknowledge({ signal: this.#shutdown.signal })
    } catch (err) {
      this.#log('an acknowledgement could not be written - %e', err)
    }
    const left = this.#acknowledging.get(fingerprint) ?? []
    if (left.length === 0) this.#acknowledging.delete(fingerprint)
    else this.#acknowledgeIn(fingerprint, Math.min(2 * delayMs, LETTER_LAST_RETRY_MS))
  }

  #settled(fingerprint: string, ids: readonly Uint8Array[]): void {
    const left = (this.#acknowledging.get(fingerprint) ?? []).filter((id) => !ids.includes(id))
    if (this.#acknowledging.has(fingerprint)) {
      this.#acknowledging.set(fingerprint, left.slice(-MAX_UNACKNOWLEDGED))
    }
  }

  async #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const run = this.#turns.run(this.#shutdown.signal, task)
    this.#underWay.add(run)
    try {
      return await run
    } finally {
      this.#underWay.delete(run)
    }
  }

  #to(fingerprint: string): Outgoing {
    let outgoing = this.#outgoing.get(fingerprint)
    if (outgoing === undefined) {
      outgoing = new Outgoing({
        fingerprint,
        records: this.#components.records,
        writer: this.#writer,
        mailboxes: this.#components.mailboxes,
        correspondence: this.#init.correspondence,
        now: this.#init.now,
        log: this.#log,
        delayMs: this.#init.delayMs ?? LETTER_DELAY_MS,
        inTurn: (task) => this.#inTurn(task),
        unacknowledged: () => this.#acknowledging.get(fingerprint) ?? [],
        onAcknowledged: (ids) => {
          this.#settled(fingerprint, ids)
        },
        signal: this.#shutdown.signal,
      })
      this.#outgoing.set(fingerprint, outgoing)
    }
    return outgoing
  }
}
