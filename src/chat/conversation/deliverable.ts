import type { Content } from '../message/content.ts'

/** Something of ours that the other side has to acknowledge. */
export interface Deliverable {
  readonly content: Content
  /** How long ago it was written, as far as our clock knows, or better. @default by its timestamp */
  readonly ageMs?: number
  /** It waited before this program started: some of it may be with the other side already. */
  readonly isResumed?: boolean
}

/** Where a sender finds what waits, and whom it tells what became of it. */
export interface DeliverySource {
  /** How much waits for its acknowledgement. */
  readonly size: number
  /** In the order in which it is to be sent, without what is said to be on its way. */
  waiting(underWay?: ReadonlySet<string>): Iterable<Deliverable>
  /** Its frames are written; the other side may have it by now, or never. Does nothing for an unknown id. */
  sent(id: string): void
  /** The other side has stored it. Does nothing for an unknown id. */
  acknowledged(id: string): Promise<void>
  /** It waited for so long that the other side would refuse it. */
  expired(id: string): Promise<void>
}
