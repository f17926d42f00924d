import { looksLike, skeletons } from '../directory/look-alikes/index.ts'
import type { Fingerprint, Person } from '../api.ts'

/** Names whose skeletons are remembered. */
const MAX_NAMES = 4096

type Looks = Pick<Person, 'fingerprint' | 'name' | 'known'>

/** Says of strangers which contact their name may be taken for. */
export class Resemblances {
  readonly #skeletons = new Map<string, readonly string[]>()

  /** The first contact whose name looks like a stranger's; nobody for contacts, who are told apart by what was said. */
  of(person: Looks, people: Iterable<Looks>): Fingerprint | undefined {
    if (person.known || person.name === undefined) return undefined
    const own = this.#of(person.name)
    for (const { fingerprint, name, known } of people) {
      if (!known || name === undefined || fingerprint === person.fingerprint) continue
      if (looksLike(own, this.#of(name))) return fingerprint
    }
    return undefined
  }

  #of(name: string): readonly string[] {
    const found = this.#skeletons.get(name)
    if (found !== undefined) return found
    const made = tryOrNothing(name)
    if (this.#skeletons.size >= MAX_NAMES) this.#skeletons.clear()
    this.#skeletons.set(name, made)
    return made
  }
}

/** A name that is none, of a contact from before names were checked, looks like nothing. */
function tryOrNothing(name: string): readonly string[] {
  try {
    return skeletons(name)
  } catch {
    return []
  }
}
