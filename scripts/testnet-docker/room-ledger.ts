export interface RoomAccount {
  /** Texts times people who should hear them. */
  readonly expected: number
  readonly heard: number
  /** `who: text` */
  readonly missed: readonly string[]
  readonly doubled: readonly string[]
}

/** What was said in the room, and who heard it how often. */
export class RoomLedger {
  readonly #said = new Set<string>()
  readonly #heard = new Map<string, number>()

  say(text: string): void {
    this.#said.add(text)
  }

  heard(who: string, text: string): void {
    if (!this.#said.has(text)) return
    const key = `${who}: ${text}`
    this.#heard.set(key, (this.#heard.get(key) ?? 0) + 1)
  }

  /** Everybody hears everything, their own words included. */
  account(people: readonly string[]): RoomAccount {
    const due = people.flatMap((who) => [...this.#said].map((text) => `${who}: ${text}`))
    return {
      expected: due.length,
      heard: due.filter((key) => this.#heard.has(key)).length,
      missed: due.filter((key) => !this.#heard.has(key)),
      doubled: [...this.#heard].filter(([, times]) => times > 1).map(([key]) => key),
    }
  }
}
