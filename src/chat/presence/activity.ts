import { AWAY_AFTER_MS } from './constants.ts'

export interface ActivityInit {
  /** Milliseconds that only pass. */
  readonly elapsed: () => number
  readonly onChange: () => void
  /** Calls once after a while; returns what prevents that. @default setTimeout */
  readonly schedule?: (delayMs: number, then: () => void) => () => void
}

/** Whether our user is there, as their program sees it: by what they touch, and by what they say. */
export class Activity {
  readonly #init: ActivityInit
  readonly #schedule: NonNullable<ActivityInit['schedule']>
  #touchedAt: number
  #isAway = false
  /** The user said so themselves: touching something does not change it. */
  #isSaid = false
  #cancel: (() => void) | undefined

  constructor(init: ActivityInit) {
    this.#init = init
    this.#schedule = init.schedule ?? later
    this.#touchedAt = init.elapsed()
  }

  get state(): 'online' | 'away' {
    return this.#isAway || this.#isSaid ? 'away' : 'online'
  }

  /** Since the user was there; 0 while they are. */
  get idleMs(): number {
    return this.state === 'online' ? 0 : Math.max(0, this.#init.elapsed() - this.#touchedAt)
  }

  /** Whoever starts the program is there. */
  start(): void {
    this.touch()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  /** The user did something. Cheap: it may be called with each key. */
  touch(): void {
    // what was said to be away stays so, and so does since when
    if (!this.#isSaid) this.#touchedAt = this.#init.elapsed()
    this.#cancel ??= this.#schedule(AWAY_AFTER_MS, this.#look)
    this.#change(false, this.#isSaid)
  }

  /** The user looks at something else. */
  leave(): void {
    this.#change(true, this.#isSaid)
  }

  /** The user says that they are away, or back. */
  say(isAway: boolean): void {
    if (this.state === 'online') this.#touchedAt = this.#init.elapsed()
    this.#change(this.#isAway, isAway)
    if (!isAway) this.touch()
  }

  readonly #look = (): void => {
    this.#cancel = undefined
    const leftMs = this.#touchedAt + AWAY_AFTER_MS - this.#init.elapsed()
    if (leftMs <= 0) this.leave()
    else this.#cancel = this.#schedule(leftMs, this.#look)
  }

  #change(isAway: boolean, isSaid: boolean): void {
    const before = this.state
    this.#isAway = isAway
    this.#isSaid = isSaid
    if (this.state !== before) this.#init.onChange()
  }
}

function later(delayMs: number, then: () => void): () => void {
  const timer = setTimeout(then, delayMs)
  return () => {
    clearTimeout(timer)
  }
}
