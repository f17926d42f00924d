import { MAX_CARRIED_ROOMS } from './constants.ts'
import { roomOf } from './room-names.ts'
import type { RoomGate } from './room-gate.ts'
import type { RoomsComponents } from './index.ts'

/**
 * Gossipsub forwards only what it is subscribed to. Two browsers in one room may know each other through a node
 * that is not in it: the node subscribes too, for as long as they do, checks what it forwards and shows nothing.
 */
export class RoomCarrier {
  readonly #pubsub: RoomsComponents['pubsub']
  readonly #gate: RoomGate
  readonly #carried = new Set<string>()

  constructor(pubsub: RoomsComponents['pubsub'], gate: RoomGate) {
    this.#pubsub = pubsub
    this.#gate = gate
  }

  start(): void {
    this.#pubsub.addEventListener('subscription-change', this.#onChange)
  }

  stop(): void {
    this.#pubsub.removeEventListener('subscription-change', this.#onChange)
  }

  /** We are in the room ourselves now: who else is subscribed no longer matters. */
  release(topic: string): void {
    this.#carried.delete(topic)
  }

  /** Lays down what nobody needs any more: gossipsub says nothing when a subscriber's connection is lost. */
  sweep(): void {
    for (const topic of [...this.#carried]) this.consider(topic)
  }

  /** Takes a topic up or lays it down, by who is subscribed to it now. */
  consider(topic: string): void {
    const room = roomOf(topic)
    if (room === undefined) return
    const wanted = this.#pubsub.getSubscribers(topic).length > 0
    if (wanted && !this.#pubsub.getTopics().includes(topic)) {
      if (this.#carried.size >= MAX_CARRIED_ROOMS) return
      this.#carried.add(topic)
      this.#gate.open(room)
      this.#pubsub.subscribe(topic)
    } else if (!wanted && this.#carried.delete(topic)) {
      this.#pubsub.unsubscribe(topic)
      this.#gate.shut(room)
    }
  }

  readonly #onChange = (event: CustomEvent<{ subscriptions: { topic: string }[] }>): void => {
    for (const { topic } of event.detail.subscriptions) this.consider(topic)
  }
}
