import { afterTurn } from '../after-turn.ts'
import { unknownPerson, viewOf } from './view.ts'
import type { Conversation, Person } from '../api.ts'
import type { Approaches } from '../connectivity/approaches.ts'
import type { People } from '../people/people.ts'
import type { Strangers } from '../requests/strangers.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'

export interface ListingInit {
  readonly entries: Entries
  readonly strangers: Strangers
  readonly people: People
  readonly approaches: Pick<Approaches, 'of'>
  readonly onChange: (conversation: Conversation) => void
}

/** Which conversations the user is shown, and where: among the others, as a request, or not at all. */
export class Listing {
  readonly #init: ListingInit
  /** To be shown when this turn of the event loop is over. */
  readonly #changed = new Set<Entry>()

  constructor(init: ListingInit) {
    this.#init = init
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

  /** The same when what is at hand is done: messages come and change by the dozen, and answers to them do not wait. */
  changedSoon(entry: Entry): void {
    if (this.#changed.has(entry)) return
    this.#changed.add(entry)
    const show = (): void => {
      if (this.#changed.has(entry)) this.changed(entry)
    }
    if (afterTurn === undefined) queueMicrotask(show)
    else afterTurn(show)
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
