import { toHex } from '../../crypto/bytes.ts'
import { MAX_MESSAGE_AGE_MS } from '../message/constants.ts'
import { MESSAGE_ID_BYTES } from '../message/message-id.ts'
import type { Deliverable, DeliverySource } from './deliverable.ts'

/** Everything that waits for the other side, wherever it waits. */
export class Deliveries {
  /** In the order in which they are to be emptied. */
  readonly sources: readonly DeliverySource[]
  readonly #now: () => number

  constructor(sources: readonly DeliverySource[], now: () => number) {
    this.sources = sources
    this.#now = now
  }

  get pending(): number {
    return this.sources.reduce((sum, { size }) => sum + size, 0)
  }

  /** What may still be said. */
  waiting(): Deliverable[] {
    const all = this.sources.flatMap((source) => [...source.waiting()])
    return all.filter(
      ({ content, ageMs }) => (ageMs ?? this.#now() - content.timestamp) <= MAX_MESSAGE_AGE_MS,
    )
  }

  /** The other side has stored these; 16 bytes each. Each is told to `onEach` first. */
  async acknowledged(ids: Uint8Array, onEach?: (id: string) => void): Promise<void> {
    for (let offset = 0; offset < ids.byteLength; offset += MESSAGE_ID_BYTES) {
      const id = toHex(ids.subarray(offset, offset + MESSAGE_ID_BYTES))
      onEach?.(id)
      for (const source of this.sources) await source.acknowledged(id)
    }
  }
}
