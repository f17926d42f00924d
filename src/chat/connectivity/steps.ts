import type { ContactFailure, ContactStep, ContactWay } from '../api.ts'

/** Told by whoever tries a way: that it began, and how it ended. Several attempts may go the same way. */
export type Report = (way: ContactWay, state: ContactStep['state'], reason?: ContactFailure) => void

/** Of several attempts on one way that failed, what to say: somebody answered, and this was wrong. */
const TELLING: readonly ContactFailure[] = ['other-answered', 'handshake-failed', 'not-sotto']

interface Tally {
  underWay: number
  isDone: boolean
  reason: ContactFailure | undefined
}

/** The ways that are tried for one person, put together from the attempts on each. */
export class Steps {
  readonly #tallies = new Map<ContactWay, Tally>()
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  get list(): ContactStep[] {
    return [...this.#tallies].map(([way, tally]) => stepOf(way, tally))
  }

  /** Everything is tried anew; what lies in mailboxes goes on lying there. */
  begin(): void {
    for (const way of this.#tallies.keys()) if (way !== 'mailbox') this.#tallies.delete(way)
  }

  readonly report: Report = (way, state, reason) => {
    const tally = this.#tallies.get(way) ?? { underWay: 0, isDone: false, reason: undefined }
    const before = this.#tallies.has(way) ? stepOf(way, tally) : undefined
    if (state === 'trying') {
      if (tally.underWay === 0) Object.assign(tally, { isDone: false, reason: undefined })
      tally.underWay++
    } else {
      tally.underWay = Math.max(0, tally.underWay - 1)
      if (state === 'done') Object.assign(tally, { isDone: true, reason })
      else if (!tally.isDone && !TELLING.some((one) => one === tally.reason)) tally.reason = reason
    }
    this.#tallies.set(way, tally)
    const step = stepOf(way, tally)
    if (before?.state !== step.state || before.reason !== step.reason) this.#onChange()
  }
}

function stepOf(way: ContactWay, { underWay, isDone, reason }: Tally): ContactStep {
  if (underWay > 0) return { way, state: 'trying' }
  return { way, state: isDone ? 'done' : 'failed', ...(reason === undefined ? {} : { reason }) }
}
