import type { ChatMessage } from './message.ts'
import type { Fingerprint } from './person.ts'

export interface SearchOptions {
  /** Only in this conversation. */
  readonly conversation?: Fingerprint
  /** At most so many hits. Default 50. */
  readonly limit?: number
}

export interface SearchHit {
  readonly message: ChatMessage
  /** Where the words are: offsets in the message's `text`, each from its start to behind its end. */
  readonly matches: readonly (readonly [start: number, end: number])[]
}
