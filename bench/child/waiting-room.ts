/** Brings those who wait for a key together with the events that name it, whichever comes first. */
export class WaitingRoom<Value> {
  readonly #waiting = new Map<string, (value: Value) => void>()
  readonly #early = new Map<string, Value>()

  arrived(key: string, value: Value): void {
    const resolve = this.#waiting.get(key)
    this.#waiting.delete(key)
    if (resolve === undefined) this.#early.set(key, value)
    else resolve(value)
  }

  wait(key: string): Promise<Value> {
    const early = this.#early.get(key)
    if (early !== undefined) {
      this.#early.delete(key)
      return Promise.resolve(early)
    }
    return new Promise((resolve) => this.#waiting.set(key, resolve))
  }
}
