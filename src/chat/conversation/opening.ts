import { ConnectError } from '../errors.ts'
import { JOIN_WITHIN_MS } from './constants.ts'
import type { OpenedChannel } from '../direct/index.ts'

interface Attempt {
  readonly aborter: AbortController
  readonly beganAt: number
  /** Somebody asked after it had begun: when it fails, it is begun anew for them. */
  isOutdated: boolean
}

export interface OpeningInit {
  /** @throws ConnectError */
  readonly open: (signal: AbortSignal) => Promise<OpenedChannel>
  readonly now: () => number
}

/** The attempt to open a channel that is under way, one at a time; what is new on the ground begins it anew. */
export class Opening {
  readonly #init: OpeningInit
  #attempt: Attempt | undefined
  #stopped = false

  constructor(init: OpeningInit) {
    this.#init = init
  }

  get isUnderWay(): boolean {
    return this.#attempt !== undefined
  }

  /** @throws ConnectError */
  async open(signal: AbortSignal | undefined): Promise<OpenedChannel> {
    for (;;) {
      const aborter = new AbortController()
      const attempt: Attempt = { aborter, beganAt: this.#init.now(), isOutdated: false }
      this.#attempt = attempt
      const either =
        signal === undefined ? aborter.signal : AbortSignal.any([aborter.signal, signal])
      try {
        return await this.#init.open(either)
      } catch (err) {
        const isAnew = aborter.signal.aborted || attempt.isOutdated
        if (!isAnew || this.#stopped || signal?.aborted === true) throw err
      } finally {
        this.#attempt = undefined
      }
    }
  }

  /** Gives up the attempt that is under way for one that knows what is known now; whoever waits for it waits on. */
  beginAnew(): void {
    this.#attempt?.aborter.abort(new ConnectError('peer-offline', 'begun anew'))
  }

  /** Somebody asks now, and what ends after this is their answer: an attempt that has just begun goes on until it fails. */
  renew(): void {
    const attempt = this.#attempt
    if (attempt === undefined) return
    if (this.#init.now() - attempt.beganAt >= JOIN_WITHIN_MS) this.beginAnew()
    else attempt.isOutdated = true
  }

  /** What fails from now on is not begun anew. */
  stop(): void {
    this.#stopped = true
  }
}
