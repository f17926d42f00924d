import {
  CALL_PAUSE_FIRST_MS,
  CALL_PAUSE_LAST_MS,
  FIRST_CALLS_MS,
  MAX_CALLED_CONTACTS,
  MAX_CALLS_AT_ONCE,
  NETWORK_WAIT_MS,
} from './constants.ts'

export interface RosterInit {
  /** Contacts, those that were talked to last first. */
  readonly contacts: () => readonly string[]
  readonly isReached: (fingerprint: string) => boolean
  /** Whether they are to know that we are there: otherwise nobody is called only to be told. */
  readonly mayCall: () => boolean
  /** Opens a channel; resolves with whether there is one. */
  readonly call: (fingerprint: string) => Promise<boolean>
  /** Looks for what somebody's profile says, where they themselves do not answer. */
  readonly lookUp: (fingerprint: string) => Promise<void>
  /** Whether there is nobody yet who could lead to others. */
  readonly isAlone: () => boolean
  /** Milliseconds that only pass. */
  readonly elapsed: () => number
  /** A number in [0, 1). */
  readonly random: () => number
  /** @default FIRST_CALLS_MS */
  readonly firstCallsMs?: number
}

interface Standing {
  readonly pauseMs: number
  readonly dueAt: number
}

/**
 * Calls our contacts when we come, so that they know and so that what they changed reaches us; those who are not there
 * call us when they do. In between nobody is asked but now and then, for networks that were apart.
 */
export class Roster {
  readonly #init: RosterInit
  readonly #standings = new Map<string, Standing>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #calling: Promise<void> | undefined
  #isStopped = false
  #patientUntil = 0

  constructor(init: RosterInit) {
    this.#init = init
  }

  start(): void {
    this.#patientUntil = this.#init.elapsed() + NETWORK_WAIT_MS
    this.#wait(this.#init.firstCallsMs ?? FIRST_CALLS_MS)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#calling
  }

  /** The odds are new for everybody: the network is back, or is another one. */
  chance(): void {
    this.#standings.clear()
    this.start()
  }

  #wait(delayMs: number): void {
    clearTimeout(this.#timer)
    if (this.#isStopped) return
    this.#timer = setTimeout(() => {
      const { isAlone, elapsed } = this.#init
      if (isAlone() && elapsed() < this.#patientUntil) {
        this.#wait(delayMs)
        return
      }
      this.#calling ??= this.#round().finally(() => {
        this.#calling = undefined
        this.#wait(this.#untilNext())
      })
    }, delayMs)
  }

  /** Several at once, each taking the next who is due. */
  async #round(): Promise<void> {
    const due = this.#due()
    const worker = async (): Promise<void> => {
      for (let next = due.shift(); next !== undefined; next = due.shift()) {
        if (this.#isStopped) return
        await this.#reach(next)
      }
    }
    await Promise.all(Array.from({ length: MAX_CALLS_AT_ONCE }, worker))
  }

  async #reach(fingerprint: string): Promise<void> {
    const { isReached, mayCall, call, lookUp, elapsed, random } = this.#init
    const before = this.#standings.get(fingerprint)
    const isThere = isReached(fingerprint) || (mayCall() && (await call(fingerprint)))
    if (!isThere && !this.#isStopped) await lookUp(fingerprint)
    const pauseMs = isThere ? CALL_PAUSE_FIRST_MS : (before?.pauseMs ?? CALL_PAUSE_FIRST_MS)
    // not all of those who lost the network together come back together
    const dueAt = elapsed() + pauseMs * (1 - random() / 2)
    this.#standings.set(fingerprint, { pauseMs: Math.min(pauseMs * 2, CALL_PAUSE_LAST_MS), dueAt })
  }

  #due(): string[] {
    const now = this.#init.elapsed()
    return this.#contacts().filter((each) => (this.#standings.get(each)?.dueAt ?? 0) <= now)
  }

  #untilNext(): number {
    const now = this.#init.elapsed()
    const times = this.#contacts().map((each) => this.#standings.get(each)?.dueAt ?? now)
    return Math.max(0, Math.min(now + CALL_PAUSE_FIRST_MS, ...times) - now)
  }

  #contacts(): readonly string[] {
    return this.#init.contacts().slice(0, MAX_CALLED_CONTACTS)
  }
}
