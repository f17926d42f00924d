/** Node's own; browsers have none. */
const { setImmediate: afterTurn } = globalThis as { setImmediate?: (task: () => void) => unknown }

/**
 * How many packets are not made to wait for more: in a long turn the other side shall have something to do meanwhile.
 * Sixteen fill five frames or so, and one send more for every sixteen is little beside what each of them costs.
 */
const ENOUGH_PACKETS = 16

/**
 * Waits for packets that shall share frames: until this turn of the event loop has done all it had at hand, or enough
 * have come, or one came that no other is expected to follow. Where the platform cannot say cheaply when a turn ends, which is in browsers, it waits for nothing: crypto
 * takes turns of its own there, and what comes meanwhile adds up.
 */
export class Gathering {
  #count = 0
  #enough: (() => void) | undefined

  /** One more packet, perhaps the last for a while. */
  add(isLast: boolean): void {
    this.#count += isLast ? ENOUGH_PACKETS : 1
    if (this.#count >= ENOUGH_PACKETS) this.#enough?.()
  }

  async done(): Promise<void> {
    if (this.#count < ENOUGH_PACKETS && afterTurn !== undefined) {
      await new Promise<void>((resolve) => {
        this.#enough = resolve
        afterTurn(resolve)
      })
      this.#enough = undefined
    }
    this.#count = 0
  }
}
