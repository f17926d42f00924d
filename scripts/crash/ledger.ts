import type { ListedMessage, Report } from './messages.ts'

export type Name = 'alice' | 'bob'

export interface Counts {
  /** Messages that a program took from its user. */
  readonly sent: number
  /** Of which the user was told that they have arrived. */
  readonly acknowledged: number
  /** That the other user was shown. */
  readonly shown: number
  /** Taken from a user, acknowledged or not, and not with the other one in the end. */
  readonly lost: number
  /** Shown to a user who had been shown them before, in this life of the program or an earlier one. */
  readonly doubled: number
  /** Standing before one that its author wrote earlier. */
  readonly disordered: number
}

/** What the users of both sides were told, over all their programs' lives. */
export class Ledger {
  readonly #accepted: Record<Name, Set<string>> = { alice: new Set(), bob: new Set() }
  readonly #acknowledged = new Set<string>()
  readonly #shown: Record<Name, Set<string>> = { alice: new Set(), bob: new Set() }
  #doubled = 0

  note(name: Name, report: Report): void {
    switch (report.told) {
      case 'accepted':
        this.#accepted[name].add(report.id)
        return
      case 'acknowledged':
        this.#acknowledged.add(report.id)
        return
      case 'shown':
        this.#show(name, report.id)
        return
      case 'up':
        this.#keep(name, report.kept)
        return
      default:
    }
  }

  /** @param final what each side has at the end, in order */
  counts(final: Readonly<Record<Name, readonly ListedMessage[]>>): Counts {
    let [lost, doubled, disordered] = [0, this.#doubled, 0]
    for (const [author, reader] of [
      ['alice', 'bob'],
      ['bob', 'alice'],
    ] as const) {
      const arrived = final[reader].filter(({ outgoing }) => !outgoing).map(({ id }) => id)
      doubled += arrived.length - new Set(arrived).size
      const written = final[author].filter(({ outgoing }) => outgoing).map(({ id }) => id)
      const missing = new Set([...this.#accepted[author], ...written]).difference(new Set(arrived))
      lost += missing.size
      const place = new Map(written.map((id, index) => [id, index]))
      const places = arrived.map((id) => place.get(id) ?? -1)
      disordered += places.filter((at, index) => at < (places[index - 1] ?? -1)).length
    }
    const all = (sets: Record<Name, Set<string>>): number => sets.alice.size + sets.bob.size
    return {
      sent: all(this.#accepted),
      acknowledged: this.#acknowledged.size,
      shown: all(this.#shown),
      lost,
      doubled,
      disordered,
    }
  }

  #show(name: Name, id: string): void {
    if (this.#shown[name].has(id)) this.#doubled++
    this.#shown[name].add(id)
  }

  /** What a program shows of itself when it starts: it was shown before, or died between storing and telling. */
  #keep(name: Name, kept: readonly ListedMessage[]): void {
    for (const { id, outgoing, state } of kept) {
      if (!outgoing) this.#shown[name].add(id)
      else if (state === 'delivered') this.#acknowledged.add(id)
    }
  }
}
