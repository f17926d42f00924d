import { PersonBlockedError, RequestPendingError } from '../errors.ts'
import { UnwelcomePeerError } from '../requests/errors.ts'
import { eraseConversation } from './erase-conversation.ts'
import { Mutex } from './mutex.ts'
import type { Leads } from '../invitations/index.ts'
import type { People } from '../people/people.ts'
import type { Strangers } from '../requests/strangers.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'
import type { IdentityWatch } from './identity-watch.ts'
import type { Listing } from './listing.ts'

export interface AcceptanceInit {
  readonly entries: Entries
  readonly listing: Listing
  readonly strangers: Strangers
  readonly watch: IdentityWatch
  readonly people: People
  readonly leads: Pick<Leads, 'seek' | 'forget'>
  readonly records: RecordStore
  /** A request is not there any more. */
  readonly onGone: (conversation: string) => void
}

/** What the user decides about people, carried out in their conversations: accepted, declined, blocked, replaced. */
export class Acceptance {
  readonly #init: AcceptanceInit
  readonly #writing = new WeakMap<Entry, Mutex>()

  constructor(init: AcceptanceInit) {
    this.#init = init
  }

  /** @throws PersonBlockedError */
  requireWelcome(fingerprint: string): void {
    if (this.#init.strangers.isBlocked(fingerprint))
      throw new PersonBlockedError('the user blocked them')
  }

  /** A conversation in which we may say something besides words. @throws PersonBlockedError | RequestPendingError */
  async answerable(fingerprint: string): Promise<Entry> {
    this.requireWelcome(fingerprint)
    const entry = await this.#init.entries.open(fingerprint)
    if (this.#init.listing.isRequest(entry)) {
      throw new RequestPendingError('accept what they ask first')
    }
    return entry
  }

  /** Before something is said to somebody: accepts what they ask, or turns to them. Resolves in the order of the calls. */
  beforeWriting(entry: Entry): Promise<void> {
    let inOrder = this.#writing.get(entry)
    if (inOrder === undefined) {
      inOrder = new Mutex()
      this.#writing.set(entry, inOrder)
    }
    return inOrder.run(() =>
      this.#init.listing.isRequest(entry) ? this.accept(entry) : this.turnTo(entry),
    )
  }

  /** The user turns to somebody by themselves: that they are there already, as a stranger, is as good as asking. */
  async turnTo(entry: Entry): Promise<void> {
    const { leads, people } = this.#init
    entry.isOpened = true
    if (entry.link.best !== undefined) await this.accept(entry)
    // whom we never met may be away for days, and the program may stop before they come
    const person = people.get(entry.fingerprint)
    if (person?.known === false) await leads.seek(person)
  }

  /** From now on they hear what contacts hear. */
  async accept(entry: Entry): Promise<void> {
    const { strangers, listing } = this.#init
    const { fingerprint, flow, history, link } = entry
    if (strangers.isContact(fingerprint) && !listing.isRequest(entry)) return
    entry.isOpened = true
    const request = await strangers.accept(fingerprint)
    if (link.best !== undefined) {
      flow.introduce(link.best, { ask: true })
      flow.tellCard(link.best)
    }
    if (request !== undefined) await flow.readBefore()
    // what was not taken of them comes again with the next session
    if (request?.isFull === true) for (const { channel } of link.channels) void channel.close()
    else flow.flush()
    if (link.best === undefined || request?.isFull === true) link.poke()
    if (history.last !== undefined) listing.changed(entry)
  }

  /** Says no to what a stranger asks. */
  async decline(entry: Entry): Promise<void> {
    if (this.#init.listing.isRequest(entry)) await this.#refuse(entry, 'declined')
  }

  block(entry: Entry): Promise<void> {
    return this.#refuse(entry, 'blocked')
  }

  async unblock(fingerprint: string): Promise<void> {
    await this.#init.strangers.unblock(fingerprint)
    const entry = await this.#init.entries.open(fingerprint)
    this.#init.listing.changed(entry)
    this.drop(entry)
  }

  /**
   * The answer to the alarm about `stranger`; nothing happens where that is not the alarm. Resolves with the
   * conversation that goes on.
   */
  async resolveAlarm(entry: Entry, decision: 'keep' | 'accept', stranger: string): Promise<Entry> {
    const { entries, watch } = this.#init
    if (entry.standing.current.alarm?.fingerprint !== stranger) return entry
    if (decision === 'keep') {
      await watch.keep(entry)
      if (entry.flow.pending > 0) entry.link.poke()
      return entry
    }
    const next = await entries.open(stranger)
    await watch.replace(entry, next)
    await this.accept(next)
    next.link.poke()
    return next
  }

  /** A stranger's channel is gone. Nothing stays of them, unless they asked. */
  drop(entry: Entry): void {
    const { entries, listing, strangers } = this.#init
    if (entry.link.best !== undefined || listing.isListed(entry) || listing.isRequest(entry)) return
    strangers.forget(entry.fingerprint)
    entries.forget(entry)
  }

  async #refuse(entry: Entry, how: 'declined' | 'blocked'): Promise<void> {
    const { entries, listing, people, records, strangers } = this.#init
    const { fingerprint, flow, history, link } = entry
    const isContact = people.get(fingerprint)?.known === true
    const wasRequest = listing.isRequest(entry)
    await strangers.refuse(fingerprint, how)
    await this.#init.leads.forget(fingerprint)
    for (const { channel } of link.channels) {
      channel.abort(new UnwelcomePeerError('not wanted by the user'))
    }
    if (isContact) {
      await flow.giveUp('blocked')
      listing.changed(entry)
      return
    }
    entries.forget(entry)
    await eraseConversation(records, history, fingerprint)
    if (wasRequest || entry.isOpened) this.#init.onGone(fingerprint)
  }
}
