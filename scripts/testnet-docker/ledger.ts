/**
 * What was said, and what became of it: every text is said once in all the testnet, so that it can be told again wherever
 * it turns up. Knows no containers.
 */
export interface Said {
  readonly from: string
  readonly to: string
  readonly text: string
  /** By its sender's program, which then answers for it: it has an id. */
  acceptedId: string | undefined
  /** The sender was told that the recipient has stored it. */
  acknowledged: boolean
  /** Ids under which the recipient was shown it, by the life of the container in which that was. */
  readonly shown: Map<number, string[]>
  /** How often it stands in the recipient's history at the end. */
  stored: number
}

export interface Account {
  readonly said: number
  readonly accepted: number
  readonly acknowledged: number
  readonly stored: number
  /** Accepted by the sender's program and not in the recipient's history. */
  readonly lost: readonly Said[]
  /** Twice in a history, or shown twice in one life. */
  readonly doubled: readonly Said[]
}

export class Ledger {
  readonly #all = new Map<string, Said>()
  readonly #byId = new Map<string, Said>()

  say(from: string, to: string, text: string): void {
    const said = { from, to, text, acceptedId: undefined, acknowledged: false, stored: 0 }
    this.#all.set(text, { ...said, shown: new Map() })
  }

  accepted(text: string, id: string): void {
    const said = this.#all.get(text)
    if (said === undefined) return
    said.acceptedId = id
    this.#byId.set(id, said)
  }

  acknowledged(id: string): void {
    const said = this.#byId.get(id)
    if (said !== undefined) said.acknowledged = true
  }

  shown(to: string, text: string, id: string, life: number): void {
    const said = this.#all.get(text)
    if (said?.to !== to) return
    said.shown.set(life, [...(said.shown.get(life) ?? []), id])
  }

  isShown(text: string): boolean {
    return (this.#all.get(text)?.shown.size ?? 0) > 0
  }

  /** One entry of `owner`'s history. */
  stored(owner: string, text: string): void {
    const said = this.#all.get(text)
    if (said?.to === owner) said.stored++
  }

  /** Not acknowledged yet, though somebody's program answers for it. */
  waiting(): number {
    return [...this.#byId.values()].filter((said) => !isSettled(said)).length
  }

  /** The account, after the histories were read. */
  account(): Account {
    const all = [...this.#all.values()]
    return {
      said: all.length,
      accepted: all.filter(isAccepted).length,
      acknowledged: all.filter(({ acknowledged }) => acknowledged).length,
      stored: all.filter(({ stored }) => stored > 0).length,
      lost: all.filter((said) => isAccepted(said) && said.stored === 0),
      doubled: all.filter(isDoubled),
    }
  }
}

/** Acknowledged as far as anybody can know: a sender that was killed may never have heard of it. */
function isSettled({ acknowledged, shown }: Said): boolean {
  return acknowledged || shown.size > 0
}

function isAccepted({ acceptedId }: Said): boolean {
  return acceptedId !== undefined
}

function isDoubled({ stored, shown }: Said): boolean {
  return stored > 1 || [...shown.values()].some((ids) => ids.length > 1)
}
