import { afterTurn } from '../after-turn.ts'

/**
 * How many packets are not made to wait for more: in a long turn the other side shall have something to do meanwhile.
 * Sixteen fill five frames or so, and one send more for every sixteen is little beside what each of them costs.
 */
const ENOUGH_PACKETS = 16

/**
 * Waits for packets that shall share frames: until this turn of the event loop has done all it had at hand, or enough
 * have come, or one came that no other is expected to follow. Where nobody can say when a turn ends it waits for nothing:
 * in browsers crypto takes turns of its own, and what comes meanwhile adds up.
 */
export class Gathering {
  #count = 0
  #enough: (() => void) | undefined

  /** One more packet, of so many messages, perhaps the last for a while. */
  add(isLast: boolean, messages: number): void {
    this.#count += isLast ? ENOUGH_PACKETS : messages
    if (this.#count >= ENOUGH_PACKETS) this.#enough?.()
  }

  async done(): Promise<void> {
    const wait = afterTurn
    if (this.#count < ENOUGH_PACKETS && wait !== undefined) {
      await new Promise<void>((resolve) => {
        this.#enough = resolve
        wait(resolve)
      })
      this.#enough = undefined
    }
    this.#count = 0
  }
}
