import { normaliseName } from '../directory/names.ts'
import { InvalidNameError } from '../errors.ts'
import { MAX_TOLD_NAMESAKES } from './constants.ts'
import type { Fingerprint, Person } from '../api.ts'
import type { People } from '../people/people.ts'
import type { ConversationFlow } from './conversation.ts'
import type { Standing, StandingRecord } from './standing.ts'

/** A conversation as far as its person's identity is concerned. */
export interface Watched {
  readonly fingerprint: Fingerprint
  readonly flow: ConversationFlow
  readonly standing: Standing
}

export interface IdentityWatchInit {
  readonly people: People
  readonly conversations: () => Iterable<Watched>
  /** A conversation's standing is another one now. */
  readonly onChange: (watched: Watched) => void
}

/** Strangers whose names are remembered as seen; past it, a name may be looked at once more. */
const MAX_SEEN_NAMES = 4096

/** Watches that a contact stays who they are, and keeps what the user decided when they do not. identity.md §4 */
export class IdentityWatch {
  readonly #init: IdentityWatchInit
  readonly #seenNames = new Map<Fingerprint, string>()

  constructor(init: IdentityWatchInit) {
    this.#init = init
  }

  /** Names that were there before this run are no news. */
  load(): void {
    for (const { fingerprint, name } of this.#init.people.all()) {
      if (name !== undefined) this.#seenNames.set(fingerprint, name)
    }
  }

  /** Somebody else answers where this person was. */
  async strangerAnswered(watched: Watched, stranger: Fingerprint): Promise<void> {
    const { standing, flow } = watched
    if (standing.current.alarm?.fingerprint === stranger) return
    const alarm = { kind: 'identity-changed', fingerprint: stranger } as const
    const stored = standing.set({ ...standing.current, alarm })
    this.#init.onChange(watched)
    await stored
    await flow.note({ code: 'identity-changed', fingerprint: stranger })
  }

  /** Somebody shook hands from a peer that was known as another contact's. */
  async appeared(stranger: Fingerprint, peerId: string): Promise<void> {
    for (const watched of this.#init.conversations()) {
      const person = this.#init.people.get(watched.fingerprint)
      const isOther = watched.fingerprint !== stranger && person?.known === true
      if (isOther && person.peerId === peerId && watched.standing.current.replacedBy === undefined)
        await this.strangerAnswered(watched, stranger)
    }
  }

  /** The person themselves proved to be there: nobody has taken their place. */
  async returned({ standing, flow }: Watched): Promise<void> {
    const { alarm, replacedBy } = standing.current
    const stranger = alarm?.fingerprint ?? replacedBy
    if (stranger === undefined) return
    await standing.set(without(standing.current, 'alarm', 'replacedBy'))
    await flow.note({ code: 'identity-returned', fingerprint: stranger })
  }

  async keep(watched: Watched): Promise<void> {
    const { alarm } = watched.standing.current
    if (alarm === undefined) return
    await watched.standing.set({
      ...watched.standing.current,
      alarm: { ...alarm, decision: 'keep' },
    })
    this.#init.onChange(watched)
  }

  /** `next` is this person from now on. Nothing that waited goes to them by itself. */
  async replace(watched: Watched, next: Watched): Promise<void> {
    const { people } = this.#init
    const { fingerprint, standing, flow } = watched
    // first of all: from here on nothing is dialled or sent for the old identity
    await standing.set({ ...without(standing.current, 'alarm'), replacedBy: next.fingerprint })
    await flow.giveUp('identity-changed')
    await next.standing.set(without(next.standing.current, 'alarm', 'replacedBy'))
    await people.succeed(fingerprint, next.fingerprint)
    await flow.note({
      code: 'identity-accepted',
      side: 'ours',
      fingerprint: next.fingerprint,
    })
    await next.flow.note({ code: 'identity-accepted', side: 'theirs', fingerprint })
    this.#init.onChange(watched)
    this.#init.onChange(next)
  }

  /** Tells the contacts' conversations when somebody else goes by a contact's name. */
  async named({ fingerprint, name }: Person): Promise<void> {
    if (name === undefined || this.#seenNames.get(fingerprint) === name) return
    if (this.#seenNames.size > MAX_SEEN_NAMES) this.#seenNames.clear()
    this.#seenNames.set(fingerprint, name)
    for (const watched of this.#init.conversations()) {
      const { standing, flow } = watched
      const { replacedBy, alarm, namesakes = [] } = standing.current
      const isTold =
        replacedBy !== undefined ||
        alarm?.fingerprint === fingerprint ||
        namesakes.includes(fingerprint) ||
        namesakes.length >= MAX_TOLD_NAMESAKES
      if (isTold || !this.#bears(watched.fingerprint, fingerprint, name)) continue
      await standing.set({ ...standing.current, namesakes: [...namesakes, fingerprint] })
      await flow.note({ code: 'name-reused', fingerprint })
    }
  }

  /** Whether the contact, somebody else than `bearer`, goes by `name` too. */
  #bears(contact: Fingerprint, bearer: Fingerprint, name: string): boolean {
    const person = this.#init.people.get(contact)
    if (contact === bearer || person?.known !== true || person.name === undefined) return false
    return lookupForm(person.name) === lookupForm(name)
  }
}

function lookupForm(name: string): string {
  try {
    return normaliseName(name)
  } catch (err) {
    if (err instanceof InvalidNameError) return name
    throw err
  }
}

function without(
  record: StandingRecord,
  ...names: readonly (keyof StandingRecord)[]
): StandingRecord {
  const kept = Object.entries(record).filter(([name]) => !names.some((one) => one === name))
  return Object.fromEntries(kept)
}
