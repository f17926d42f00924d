/**
 * Writes one frame each tick, whether there is something to say or not. The frame was sealed when the one before it had
 * left: what happens at the tick is the same for a frame with a message in it and for one with padding alone.
 * docs/specs/delivery.md §8
 */
export interface ConstantRateInit {
  readonly intervalMs: number
  /** Seals the next frame, of what waits or of nothing. */
  readonly prepare: () => Promise<Uint8Array>
  /** Resolves when the path takes more. */
  readonly write: (frame: Uint8Array) => Promise<void>
  readonly onError: (err: unknown) => void
  /** Milliseconds that only pass. */
  readonly elapsed: () => number
}

export class ConstantRate {
  readonly #init: ConstantRateInit
  #timer: ReturnType<typeof setTimeout> | undefined
  #dueAt: number
  #prepared: Uint8Array | undefined
  #preparing: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(init: ConstantRateInit) {
    this.#init = init
    this.#dueAt = init.elapsed()
    this.#prepare(Promise.resolve())
    this.#schedule()
  }

  /** Resolves with the frame that is sealed and not written, which has to be the next one. */
  async stop(): Promise<Uint8Array | undefined> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#preparing
    const prepared = this.#prepared
    this.#prepared = undefined
    return prepared
  }

  /** Always from the last due time: a late tick does not shift those after it, and missed ones are not made up for. */
  #schedule(): void {
    const { intervalMs, elapsed } = this.#init
    const now = elapsed()
    this.#dueAt += intervalMs * Math.max(1, Math.ceil((now - this.#dueAt) / intervalMs))
    this.#timer = setTimeout(this.#tick, this.#dueAt - now)
  }

  readonly #tick = (): void => {
    const frame = this.#prepared
    // the path takes less than this rate: nothing piles up, and no frame leaves out of its turn
    if (frame !== undefined) {
      this.#prepared = undefined
      this.#prepare(this.#init.write(frame))
    }
    this.#schedule()
  }

  #prepare(written: Promise<void>): void {
    this.#preparing = written
      .then(async () => {
        if (!this.#stopped) this.#prepared = await this.#init.prepare()
      })
      .catch((err: unknown) => {
        this.#stopped = true
        clearTimeout(this.#timer)
        this.#init.onError(err)
      })
  }
}
