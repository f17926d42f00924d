import { WaitingLine } from './waiting-line.ts'

/** At most so many at once; the others wait in line. */
export class Semaphore {
  #free: number
  readonly #line = new WaitingLine()

  constructor(size: number) {
    this.#free = size
  }

  async run<Value>(signal: AbortSignal, task: () => Promise<Value>): Promise<Value> {
    await this.#enter(signal)
    try {
      return await task()
    } finally {
      this.#leave()
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#free > 0) {
      this.#free--
      return
    }
    await this.#line.stand(signal)
  }

  #leave(): void {
    if (!this.#line.wakeNext()) this.#free++
  }
}
