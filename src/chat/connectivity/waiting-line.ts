/** Those who wait for a place, first come first served. */
export class WaitingLine {
  readonly #waiting = new Set<() => void>()

  /** Resolves when it is one's turn. @throws Error when `signal` fires before, with its reason as the cause */
  stand(signal: AbortSignal): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const wake = (): void => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = (): void => {
        this.#waiting.delete(wake)
        reject(new Error('gave up waiting', { cause: signal.reason }))
      }
      signal.addEventListener('abort', giveUp, { once: true })
      this.#waiting.add(wake)
    })
  }

  /** Returns whether there was anybody. */
  wakeNext(): boolean {
    const [next] = this.#waiting
    if (next === undefined) return false
    this.#waiting.delete(next)
    next()
    return true
  }
}
