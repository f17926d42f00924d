import { dayOf, type MailboxContact } from './box.ts'
import { Collection, type TakeLetters } from './collection.ts'
import {
  EXPIRY_INTERVAL_MS,
  HAND_OVER_MS,
  MAX_LETTER_TTL_MS,
  REPAIR_INTERVAL_MS,
  REPAIR_SOON_MS,
} from './constants.ts'
import { Depositing } from './depositing.ts'
import { HandOver } from './hand-over.ts'
import { KnownBoxes } from './known-boxes.ts'
import { LetterStore } from './letter-store.ts'
import { MailboxFinder } from './mailbox-finder.ts'
import { MailboxKeys } from './mailbox-keys.ts'
import { MailboxServer } from './mailbox-server.ts'
import { Visits } from './visits.ts'
import type { MailboxComponents, MailboxInit } from './index.ts'
import type { AbortOptions, Logger, PeerId } from '@libp2p/interface'

export class Mailboxes {
  readonly #components: MailboxComponents
  readonly #init: MailboxInit
  readonly #now: () => number
  readonly #log: Logger
  readonly #finder: MailboxFinder
  readonly #boxes: KnownBoxes
  readonly #visits: Visits
  readonly #store: LetterStore
  readonly #server: MailboxServer
  readonly #handOver: HandOver
  readonly #timers: ReturnType<typeof setInterval>[] = []
  readonly #shutdown = new AbortController()
  #keys: MailboxKeys | undefined
  #repairing: Promise<void> | undefined
  #repairTimer: ReturnType<typeof setTimeout> | undefined

  constructor(components: MailboxComponents, init: MailboxInit) {
    this.#components = components
    this.#init = init
    this.#now = init.now ?? Date.now
    this.#log = components.logger.forComponent('sotto:mailbox')
    this.#finder = new MailboxFinder(components, this.#now)
    this.#boxes = new KnownBoxes(components.crypto)
    this.#visits = new Visits(components.libp2p)
    this.#store = new LetterStore(components.records, init.quotas)
    this.#server = new MailboxServer(components, {
      store: this.#store,
      now: this.#now,
      onRefusal: init.onRefusal,
    })
    this.#handOver = new HandOver({
      libp2p: components.libp2p,
      logger: components.logger,
      finder: this.#finder,
      store: this.#store,
      visits: this.#visits,
      now: this.#now,
    })
  }

  async start(): Promise<void> {
    const { crypto, records } = this.#components
    this.#keys = await MailboxKeys.load(crypto, records, this.#boxes, this.#now())
    if (!this.#init.serve) return
    await this.#store.load(this.#now())
    await this.#server.start()
    this.#components.libp2p.addEventListener('peer:disconnect', this.#onPeerGone)
    this.#every(this.#init.repairIntervalMs ?? REPAIR_INTERVAL_MS, () => this.repair())
    this.#every(EXPIRY_INTERVAL_MS, () => this.#store.expire(this.#now()))
  }

  /** Letters that we hold go to those who stay, as far as a few seconds allow. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    clearTimeout(this.#repairTimer)
    this.#shutdown.abort()
    if (!this.#init.serve) {
      await this.#visits.stop()
      return
    }
    this.#components.libp2p.removeEventListener('peer:disconnect', this.#onPeerGone)
    await this.#server.stop()
    await this.#repairing
    await this.#handOver.leave({ signal: AbortSignal.timeout(HAND_OVER_MS) })
    await this.#visits.stop()
  }

  /** What contacts are told, and of which strangers find the public half in our profile. */
  get contact(): Required<MailboxContact> {
    if (this.#keys === undefined) throw new RangeError('the mailboxes were not started')
    return this.#keys.forContacts()
  }

  /**
   * Lays a letter into the nearest mailboxes of somebody's address of today; resolves with how many hold it.
   * @throws InvalidKeyError for a contact whose key is none
   */
  async deposit(
    contact: MailboxContact,
    letter: Uint8Array<ArrayBuffer>,
    options: AbortOptions = {},
  ): Promise<number> {
    const now = this.#now()
    const box = await this.#boxes.of(contact, dayOf(now))
    const expiresAt = now + MAX_LETTER_TTL_MS
    const depositing = new Depositing(
      this.#components,
      this.#visits,
      this.#finder,
      box,
      letter,
      expiresAt,
    )
    return depositing.run({ signal: this.#signal(options) })
  }

  /** Collects what lies in our boxes, of all days or of these; resolves with how many letters `take` was done with. */
  async collect(
    which: 'all' | 'recent',
    take: TakeLetters,
    options: AbortOptions = {},
  ): Promise<number> {
    const boxes = (await this.#keys?.boxes(this.#now(), which)) ?? []
    const collection = new Collection(this.#components, this.#finder)
    return collection.run(boxes, take, { signal: this.#signal(options) })
  }

  /** Restores the number of copies of what lies here; for a timer, and for tests. */
  repair(): Promise<void> {
    this.#repairing ??= this.#handOver
      .repair({ signal: this.#shutdown.signal })
      .finally(() => (this.#repairing = undefined))
    return this.#repairing
  }

  /** Whoever is gone may have kept what lies here: the next nearest takes their place before another goes. */
  readonly #onPeerGone = ({ detail }: CustomEvent<PeerId>): void => {
    if (!this.#handOver.lost(detail)) return
    this.#repairTimer ??= setTimeout(() => {
      this.#repairTimer = undefined
      this.#inBackground(this.repair())
    }, REPAIR_SOON_MS)
  }

  #every(intervalMs: number, task: () => Promise<void>): void {
    const timer = setInterval(() => {
      this.#inBackground(task())
    }, intervalMs)
    this.#timers.push(timer)
  }

  #inBackground(task: Promise<void>): void {
    task.catch((err: unknown) => {
      this.#log.error('looking after the letters failed - %e', err)
    })
  }

  #signal({ signal }: AbortOptions): AbortSignal {
    return signal ? AbortSignal.any([this.#shutdown.signal, signal]) : this.#shutdown.signal
  }
}
