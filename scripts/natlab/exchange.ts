import { setTimeout as delay } from 'node:timers/promises'
import { DeadlineError } from './errors.ts'
import { SIDES, type Side } from './plan.ts'
import type { Person } from './people/person.ts'

interface Sent {
  readonly side: Side
  readonly atMs: number
  /** How often the other one was shown it. */
  shown: number
  arrivedAtMs: number | undefined
}

export interface Tally {
  readonly sent: number
  readonly lost: number
  /** Shown more than once. */
  readonly doubled: number
}

const POLL_MS = 20

/** What two people say to each other, every message numbered, and what has become of each. */
export class Exchange {
  readonly #people: Readonly<Record<Side, Person>>
  readonly #messages: Sent[] = []
  /** Set while a side is to be silent; resolves when it may go on. */
  readonly #pauses = new Map<Side, PromiseWithResolvers<undefined>>()
  readonly #speaking = new Map<Side, Promise<void>>()
  readonly #now: () => number

  constructor(people: Readonly<Record<Side, Person>>, now = () => performance.now()) {
    this.#people = people
    this.#now = now
    for (const side of SIDES) {
      people[side].onReceived((text) => {
        this.#arrived(side, text)
      })
    }
  }

  /** Says one more thing. Resolves when the sender has it, not when it has arrived. */
  async say(side: Side): Promise<void> {
    const number = this.#messages.length
    this.#messages.push({ side, atMs: this.#now(), shown: 0, arrivedAtMs: undefined })
    const said = this.#people[side].say(`natlab ${side} ${number}.`)
    this.#speaking.set(side, said)
    await said
  }

  /** Both speak by turns. */
  async talk(rounds: number, pauseMs: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      for (const side of SIDES) await this.say(side)
      await delay(pauseMs)
    }
  }

  /** Both speak, neither waiting for the other, until `signal` aborts. */
  async keepTalking(pauseMs: number, signal: AbortSignal): Promise<void> {
    const speak = async (side: Side): Promise<void> => {
      while (!signal.aborted) {
        await this.#pauses.get(side)?.promise
        await this.say(side)
        await delay(pauseMs)
      }
    }
    await Promise.all(SIDES.map(speak))
  }

  /** Silences one side. Resolves when the sender has what was being said. */
  async pause(side: Side): Promise<void> {
    this.#pauses.set(side, Promise.withResolvers<undefined>())
    await this.#speaking.get(side)
  }

  resume(side: Side): void {
    this.#pauses.get(side)?.resolve(undefined)
    this.#pauses.delete(side)
  }

  /** Resolves when everything said has arrived, or `timeoutMs` is over. */
  async settle(timeoutMs: number): Promise<void> {
    const deadline = this.#now() + timeoutMs
    while (this.tally().lost > 0 && this.#now() < deadline) await delay(POLL_MS)
  }

  /** How long the first message took. @throws DeadlineError */
  async first(timeoutMs: number): Promise<number> {
    await this.settle(timeoutMs)
    const first = this.#messages[0]
    if (first?.arrivedAtMs === undefined) {
      throw new DeadlineError(`the first message: not within ${timeoutMs} ms`)
    }
    return first.arrivedAtMs - first.atMs
  }

  /**
   * How long after `sinceMs` both directions had carried something that was said after it; undefined where one has
   * carried nothing.
   */
  resumedAfter(sinceMs: number): number | undefined {
    const ways = SIDES.map((side) =>
      this.#messages
        .filter((message) => message.side === side && message.atMs >= sinceMs)
        .map(({ arrivedAtMs }) => arrivedAtMs ?? Infinity)
        .reduce((first, one) => Math.min(first, one), Infinity),
    )
    const latest = Math.max(...ways)
    return Number.isFinite(latest) ? latest - sinceMs : undefined
  }

  tally(): Tally {
    return {
      sent: this.#messages.length,
      lost: this.#messages.filter(({ shown }) => shown === 0).length,
      doubled: this.#messages.filter(({ shown }) => shown > 1).length,
    }
  }

  #arrived(reader: Side, text: string): void {
    const [, side, number] = /natlab (from|to) (\d+)\./u.exec(text) ?? []
    const message = this.#messages[Number(number)]
    if (message === undefined || message.side !== side || message.side === reader) return
    message.shown++
    message.arrivedAtMs ??= this.#now()
  }
}
