import { ANSWER_PAUSE_MS, ASK_FIRST_MS, ASK_LAST_MS } from './constants.ts'
import { numbersOf, readRanges, toRanges, type NumberRange } from './number-ranges.ts'
import type { OpenedChannel } from '../direct/index.ts'
import type { Content } from '../message/content.ts'
import type { Clock } from './clock.ts'
import type { MessageNumbers } from './message-numbers.ts'
import type { PassingHandler } from './receiver.ts'

/** `resend`: these numbers have not come. `withdrawn`: these will not, their author gave them up or took them back. */
export interface NumbersContent extends Content {
  readonly type: 'resend' | 'withdrawn'
  readonly numbers: readonly NumberRange[]
}

export interface ResendingInit {
  readonly clock: Clock
  readonly numbers: MessageNumbers
  /** The channel to ask on, if there is one. */
  readonly best: () => OpenedChannel | undefined
  readonly tell: (opened: OpenedChannel, content: Pick<NumbersContent, 'type' | 'numbers'>) => void
  /** Has those messages sent again that are there and may be sent; resolves with the numbers of the others. */
  readonly offer: (wanted: ReadonlySet<number>) => Promise<Iterable<number>>
  /** What is waited for changed. */
  readonly onChange: () => void
}

/** Asks for messages that have not come though later ones have, and answers who asks. docs/specs/delivery.md §4.2 */
export class Resending {
  readonly #init: ResendingInit
  #timer: ReturnType<typeof setTimeout> | undefined
  #pauseMs = ASK_FIRST_MS
  #answeredAt = -Infinity
  /** For what is missing up to this number it was waited long enough. */
  #waitedUpTo = 0

  constructor(init: ResendingInit) {
    this.#init = init
  }

  /**
   * How many have not come in the time that another carrier may take: what the user is to know. Most gaps close by
   * themselves within moments, and nobody needs to hear of those.
   */
  get overdue(): number {
    const { numbers } = this.#init
    return numbers.missingUpTo(this.#waitedUpTo)
  }

  /** For what is missing now it was waited long enough: in an earlier run of the program, for example. */
  waited(): void {
    this.#waitedUpTo = this.#init.numbers.heard
  }

  /** Something is missing, or a channel came up while something is. */
  askSoon(): void {
    this.#pauseMs = ASK_FIRST_MS
    this.#schedule()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** The other side misses some of ours. */
  readonly asked: PassingHandler = {
    durable: false,
    receive: async (content, opened) => {
      const wanted = new Set(numbersOf(readRanges((content as Partial<NumbersContent>).numbers)))
      const elapsed = this.#init.clock.elapsed()
      // whoever asks too often is answered when it asks again
      if (elapsed - this.#answeredAt < ANSWER_PAUSE_MS) return
      this.#answeredAt = elapsed
      const gone = toRanges(await this.#init.offer(wanted))
      if (gone.length > 0) this.#init.tell(opened, { type: 'withdrawn', numbers: gone })
    },
  }

  /** The other side will not send some of what we miss. */
  readonly answered: PassingHandler = {
    durable: false,
    receive: (content) => {
      const gone = readRanges((content as Partial<NumbersContent>).numbers)
      if (this.#init.numbers.withdraw(gone)) this.#init.onChange()
      return Promise.resolve()
    },
  }

  #schedule(): void {
    this.stop()
    this.#timer = setTimeout(() => {
      this.#ask()
    }, this.#pauseMs)
  }

  #ask(): void {
    this.#timer = undefined
    this.waited()
    if (this.overdue > 0) this.#init.onChange()
    const opened = this.#init.best()
    // the next channel, or the next message that shows a gap, starts this again
    if (this.#init.numbers.missing === 0 || opened === undefined) return
    this.#init.tell(opened, { type: 'resend', numbers: this.#init.numbers.missingRanges() })
    this.#pauseMs = Math.min(this.#pauseMs * 2, ASK_LAST_MS)
    this.#schedule()
  }
}
