import { afterTurn } from '../after-turn.ts'
import { unknownPerson, viewOf } from './view.ts'
import type { Conversation, Person } from '../api.ts'
import type { Approaches } from '../connectivity/approaches.ts'
import type { People } from '../people/people.ts'
import type { Strangers } from '../requests/strangers.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'

/** What messages change is shown at once, and then so often while more of them come: nobody sees it more often. */
const SHOW_EVERY_MS = 50

export interface ListingInit {
  readonly entries: Entries
  readonly strangers: Strangers
  readonly people: People
  readonly approaches: Pick<Approaches, 'of'>
  readonly onChange: (conversation: Conversation) => void
  /** Does something so many ms later; returns what puts it off. */
  readonly schedule?: (delayMs: number, then: () => void) => () => void
}

/** Which conversations the user is shown, and where: among the others, as a request, or not at all. */
export class Listing {
  readonly #init: ListingInit
  /** To be shown. */
  readonly #changed = new Set<Entry>()
  readonly #schedule: (delayMs: number, then: () => void) => () => void
  /** Set while something was shown a moment ago. */
  #cancel: (() => void) | undefined

  constructor(init: ListingInit) {
    this.#init = init
    this.#schedule = init.schedule ?? later
  }

  list(): Conversation[] {
    return this.#views((entry) => this.isListed(entry))
  }

  /** What strangers ask. */
  requests(): Conversation[] {
    return this.#views((entry) => this.isRequest(entry))
  }

  blocked(): Person[] {
    return this.#init.strangers.blocked().map((fingerprint) => this.#person(fingerprint))
  }

  view(entry: Entry): Conversation {
    const { fingerprint } = entry
    return viewOf(entry, {
      person: this.#person(fingerprint),
      isRequest: this.isRequest(entry),
      isBlocked: this.#init.strangers.isBlocked(fingerprint),
      steps: this.#init.approaches.of(fingerprint),
    })
  }

  /** Shows what has become of a conversation, if it is one that is shown. */
  changed(entry: Entry): void {
    this.#changed.delete(entry)
    if (!this.#init.entries.isCurrent(entry)) return
    if (this.isListed(entry) || this.isRequest(entry)) this.#init.onChange(this.view(entry))
  }

  /**
   * The same when what is at hand is done, or a moment later: messages come and change by the dozen, and answers to them do
   * not wait.
   */
  changedSoon(entry: Entry): void {
    this.#changed.add(entry)
    if (this.#cancel !== undefined) return
    this.#pause()
    if (afterTurn === undefined) queueMicrotask(this.#show)
    else afterTurn(this.#show)
  }

  stop(): void {
    this.#cancel?.()
    this.#changed.clear()
  }

  /** The same, where somebody has a conversation that is open. */
  personChanged(fingerprint: string): void {
    const entry = this.#init.entries.get(fingerprint)
    if (entry !== undefined) this.changed(entry)
  }

  isRequest({ fingerprint }: Entry): boolean {
    return this.#init.strangers.requests.get(fingerprint) !== undefined
  }

  /** Contacts, and whom the user turned to. */
  isListed(entry: Entry): boolean {
    const isKnown = this.#init.people.get(entry.fingerprint)?.known === true
    return isKnown || (entry.isOpened && !this.isRequest(entry))
  }

  readonly #show = (): void => {
    for (const entry of [...this.#changed]) this.changed(entry)
  }

  #pause(): void {
    this.#cancel = this.#schedule(SHOW_EVERY_MS, () => {
      this.#cancel = undefined
      if (this.#changed.size === 0) return
      this.#show()
      this.#pause()
    })
  }

  #person(fingerprint: string): Person {
    return this.#init.people.get(fingerprint) ?? unknownPerson(fingerprint)
  }

  #views(isShown: (entry: Entry) => boolean): Conversation[] {
    const time = ({ lastMessage }: Conversation): number => lastMessage?.timestamp ?? 0
    return this.#init.entries
      .all()
      .filter(isShown)
      .map((entry) => this.view(entry))
      .sort((a, b) => time(b) - time(a))
  }
}

function later(delayMs: number, then: () => void): () => void {
  const timer = setTimeout(then, delayMs)
  return () => {
    clearTimeout(timer)
  }
}
