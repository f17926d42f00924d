import { mixesScripts } from '../directory/look-alikes/index.ts'
import { Resemblances } from './resemblances.ts'
import type { Person } from '../api.ts'
import type { Appearance } from '../presence/index.ts'
import type { RecordStore } from '../store/record-store.ts'

/** Strangers seen in rooms or found by a look-up that we remember; the oldest goes first. Contacts are not counted. */
const MAX_STRANGERS = 2000

/** What is kept of a contact. Somebody becomes one when a session with them was first established. */
export interface Contact {
  readonly fingerprint: string
  readonly name?: string
  readonly peerId: string
  readonly multiaddrs: readonly string[]
  readonly verified: boolean
}

/** What a profile, a handshake or a room told us of somebody. */
export interface Sighting {
  readonly fingerprint: string
  readonly peerId: string
  readonly name?: string | undefined
  readonly multiaddrs?: readonly string[]
}

/**
 * Everyone we know of, by fingerprint. Contacts are kept; strangers are remembered for a while. What changed is
 * told to `onChange`.
 */
export class People {
  readonly #records: RecordStore
  readonly #onChange: (person: Person) => void
  readonly #people = new Map<string, Person>()
  readonly #resemblances = new Resemblances()

  constructor(records: RecordStore, onChange: (person: Person) => void) {
    this.#records = records
    this.#onChange = onChange
  }

  async load(): Promise<void> {
    for await (const contact of this.#records.iterate<Contact>({ prefix: 'contact/' })) {
      this.#people.set(contact.fingerprint, {
        ...contact,
        name: contact.name,
        online: false,
        known: true,
      })
    }
  }

  get(fingerprint: string): Person | undefined {
    return this.#people.get(fingerprint)
  }

  byPeerId(peerId: string): Person | undefined {
    return [...this.#people.values()].find((person) => person.peerId === peerId)
  }

  all(): Person[] {
    return [...this.#people.values()]
  }

  /** Takes up what was learned; a name or address that was not told leaves what was known. */
  saw(sighting: Sighting): Person {
    const { fingerprint, peerId, name, multiaddrs } = sighting
    const before = this.#people.get(fingerprint)
    const person: Person = {
      ...before,
      fingerprint,
      peerId,
      name: name ?? before?.name,
      multiaddrs:
        multiaddrs !== undefined && multiaddrs.length > 0 ? multiaddrs : (before?.multiaddrs ?? []),
      online: before?.online ?? false,
      known: before?.known ?? false,
      verified: before?.verified ?? false,
    }
    return this.#set(person)
  }

  /** How somebody is to be shown from now on; what is not said is not shown. */
  show(fingerprint: string, appearance: Appearance): void {
    const before = this.#people.get(fingerprint)
    if (before === undefined) return
    const { name, peerId, multiaddrs, known, verified } = before
    this.#set({ fingerprint, name, peerId, multiaddrs, known, verified, ...appearance })
  }

  /** From now on this fingerprint is a contact. */
  async keep(fingerprint: string): Promise<void> {
    const person = this.#people.get(fingerprint)
    if (person === undefined) return
    if (!person.known) this.#set({ ...person, known: true })
    await this.#save(fingerprint)
  }

  /** A contact was met at these addresses, or said that they are theirs. */
  async locate(fingerprint: string, multiaddrs: readonly string[]): Promise<void> {
    const person = this.#people.get(fingerprint)
    if (person?.known !== true) return
    const known = new Set(person.multiaddrs)
    if (known.size === multiaddrs.length && multiaddrs.every((each) => known.has(each))) return
    this.#set({ ...person, multiaddrs })
    await this.#save(fingerprint)
  }

  async setVerified(fingerprint: string, verified: boolean): Promise<void> {
    const person = this.#people.get(fingerprint)
    if (person === undefined) return
    this.#set({ ...person, verified })
    if (person.known) await this.#save(fingerprint)
  }

  /** `next` is a contact in place of `before`: known by what we knew, verified by nobody. */
  async succeed(before: string, next: string): Promise<void> {
    const [old, found] = [this.#people.get(before), this.#people.get(next)]
    const name = found?.name ?? old?.name
    this.saw({
      fingerprint: next,
      peerId: found?.peerId ?? old?.peerId ?? '',
      ...(name === undefined ? {} : { name }),
      multiaddrs: found?.multiaddrs.length ? found.multiaddrs : (old?.multiaddrs ?? []),
    })
    await this.keep(next)
    for (const fingerprint of [before, next]) await this.setVerified(fingerprint, false)
  }

  async #save(fingerprint: string): Promise<void> {
    const person = this.#people.get(fingerprint)
    if (person === undefined) return
    const { name, peerId, multiaddrs, verified } = person
    const contact: Contact = {
      fingerprint,
      peerId,
      multiaddrs,
      verified,
      ...(name === undefined ? {} : { name }),
    }
    await this.#records.put(`contact/${fingerprint}`, contact)
  }

  #set(next: Person): Person {
    const before = this.#people.get(next.fingerprint)
    const person = this.#withResemblance(next)
    this.#people.delete(person.fingerprint)
    this.#people.set(person.fingerprint, person)
    this.#forgetOldest()
    if (before === undefined || isOther(before, person)) this.#onChange(person)
    const isNewName = person.name !== before?.name || person.known !== before?.known
    if (person.known && isNewName) this.#compareAnew()
    return person
  }

  #withResemblance({ resembles: _, mixedScripts: __, ...person }: Person): Person {
    const resembles = this.#resemblances.of(person, this.#people.values())
    const mixed = !person.known && mixesScripts(person.name ?? '')
    return {
      ...person,
      ...(resembles === undefined ? {} : { resembles }),
      ...(mixed ? { mixedScripts: true } : {}),
    }
  }

  /** A contact has another name: strangers may be taken for them now, or no more. */
  #compareAnew(): void {
    for (const stranger of [...this.#people.values()].filter(({ known }) => !known)) {
      const compared = this.#withResemblance(stranger)
      if (compared.resembles === stranger.resembles) continue
      this.#people.set(stranger.fingerprint, compared)
      this.#onChange(compared)
    }
  }

  #forgetOldest(): void {
    if (this.#people.size <= MAX_STRANGERS) return
    const strangers = [...this.#people.values()].filter(({ known }) => !known)
    for (const { fingerprint } of strangers.slice(
      0,
      Math.max(0, strangers.length - MAX_STRANGERS),
    )) {
      this.#people.delete(fingerprint)
    }
  }
}

/** Whatever order their properties have. */
function isOther(before: Person, after: Person): boolean {
  const text = (person: Person): string => JSON.stringify(person, Object.keys(person).sort())
  return text(before) !== text(after)
}
