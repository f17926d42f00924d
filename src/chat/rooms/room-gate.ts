import { TopicValidatorResult, type Message } from '@libp2p/gossipsub'
import { ReplayedMessageError } from '../message/errors.ts'
import { KnownCertificates } from '../identity/known-certificates.ts'
import {
  MAX_ROOM_MEMBERS,
  RATE_LIMIT_MESSAGES,
  RATE_WINDOW_MS,
  ROOM_MESSAGE_WINDOW_MS,
} from './constants.ts'
import { openRoomEnvelope, type OpenedRoomEnvelope } from './room-envelope.ts'
import { RateLimiter } from './rate-limiter.ts'
import { topicOf } from './room-names.ts'
import { SeenIds } from './seen-ids.ts'
import type { RoomsComponents } from './index.ts'
import type { PeerId } from '@libp2p/interface'

export interface RoomGateInit {
  readonly now: () => number
  readonly onEnvelope: (room: string, opened: OpenedRoomEnvelope) => void
  readonly onRefusal: (error: Error, peer: PeerId) => void
}

/**
 * Checks every room message before gossipsub delivers or forwards it. A forged one is rejected, which lowers its
 * forwarder's score; one over the author's rate, or seen before, is ignored, which is nobody's fault but stops here.
 */
export class RoomGate {
  readonly #components: RoomsComponents
  readonly #init: RoomGateInit
  readonly #rates = new RateLimiter(RATE_LIMIT_MESSAGES, RATE_WINDOW_MS)
  // from the earliest moment at which a message may come to the last
  readonly #seen = new SeenIds(2 * ROOM_MESSAGE_WINDOW_MS)
  readonly #topics = new Set<string>()
  readonly #certificates: KnownCertificates

  constructor(components: RoomsComponents, init: RoomGateInit) {
    this.#components = components
    this.#certificates = new KnownCertificates(components.crypto, MAX_ROOM_MEMBERS)
    this.#init = init
  }

  open(room: string): void {
    const topic = topicOf(room)
    this.#topics.add(topic)
    this.#components.pubsub.topicValidators.set(topic, (_peer, message) =>
      this.#validate(room, topic, message),
    )
  }

  shut(room: string): void {
    const topic = topicOf(room)
    this.#topics.delete(topic)
    this.#components.pubsub.topicValidators.delete(topic)
  }

  close(): void {
    for (const topic of this.#topics) this.#components.pubsub.topicValidators.delete(topic)
    this.#topics.clear()
  }

  async #validate(room: string, topic: string, message: Message): Promise<TopicValidatorResult> {
    if (message.type !== 'signed') return TopicValidatorResult.Reject
    if (!this.#rates.allow(`${room}/${message.from.toString()}`, this.#init.now())) {
      return TopicValidatorResult.Ignore
    }
    const { crypto } = this.#components
    try {
      const opened = await openRoomEnvelope(
        crypto,
        this.#certificates,
        topic,
        message.from,
        message.data,
        this.#init.now(),
      )
      const { author, content } = opened
      if (!this.#seen.add(`${room}/${author.fingerprint}/${content.id}`, this.#init.now())) {
        // gossipsub forgets after two minutes what it has seen, and whoever kept it may send it again
        this.#init.onRefusal(new ReplayedMessageError('a room message came again'), message.from)
        return TopicValidatorResult.Ignore
      }
      this.#init.onEnvelope(room, opened)
      return TopicValidatorResult.Accept
    } catch (err) {
      this.#init.onRefusal(err instanceof Error ? err : new Error(String(err)), message.from)
      return TopicValidatorResult.Reject
    }
  }
}
