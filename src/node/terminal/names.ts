import { SHORT_FINGERPRINT_DIGITS, shortFingerprint } from './format.ts'
import { cleanLine, nameSkeleton } from './sanitise.ts'
import { truncate } from './width.ts'
import type { Chat, Fingerprint, Person } from '../../chat/api.ts'

/** Columns of a name on the screen; its owner chose its length. */
const MAX_NAME_COLUMNS = 32
/** What we call the user. Nobody else may look like that. */
const RESERVED = new Set(['you', 'me'])

/** What people are called on the screen: their own names, and part of the fingerprint wherever a name is not enough. */
export class Names {
  readonly #chat: Chat

  constructor(chat: Chat) {
    this.#chat = chat
  }

  person(fingerprint: Fingerprint): Person | undefined {
    return (
      this.#chat.conversations().find(({ id }) => id === fingerprint)?.person ??
      this.#chat.people().find((person) => person.fingerprint === fingerprint)
    )
  }

  /** `claimed` is the name a message came with, for authors we hold no profile of. */
  of(fingerprint: Fingerprint, claimed?: string): string {
    const name = cleanLine(this.person(fingerprint)?.name ?? claimed ?? '')
    if (name === '') return shortFingerprint(fingerprint)
    const shown = truncate(name, MAX_NAME_COLUMNS)
    return this.#isShared(fingerprint, name) ? `${shown}·${shortFingerprint(fingerprint)}` : shown
  }

  /** Everyone at hand whose fingerprint begins with `digits`; for the short form that lists show. */
  byPrefix(digits: string): Person[] {
    const prefix = digits.toLowerCase()
    if (prefix.length < SHORT_FINGERPRINT_DIGITS || !/^[0-9a-f]+$/u.test(prefix)) return []
    return this.everyone().filter(({ fingerprint }) => fingerprint.startsWith(prefix))
  }

  /** Everyone at hand whose name looks like `name`. */
  byName(name: string): Person[] {
    const skeleton = nameSkeleton(name)
    return this.everyone().filter((person) => nameSkeleton(person.name ?? '') === skeleton)
  }

  /** People and partners of conversations, each once. */
  everyone(): Person[] {
    const all = new Map<Fingerprint, Person>()
    for (const person of this.#chat.people()) all.set(person.fingerprint, person)
    for (const { person } of this.#chat.conversations()) all.set(person.fingerprint, person)
    all.delete(this.#chat.self.fingerprint)
    return [...all.values()]
  }

  #isShared(fingerprint: Fingerprint, name: string): boolean {
    const skeleton = nameSkeleton(name)
    if (RESERVED.has(skeleton)) return true
    const { self } = this.#chat
    const others = [...this.everyone(), self].filter((person) => person.fingerprint !== fingerprint)
    return others.some((other) => other.name !== undefined && nameSkeleton(other.name) === skeleton)
  }
}
