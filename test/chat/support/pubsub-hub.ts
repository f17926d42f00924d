import { TypedEventEmitter } from 'main-event'
import type {
  GossipSubEvents,
  Message,
  PublishResult,
  TopicValidatorResult,
} from '@libp2p/gossipsub'
import type { PeerId, PublicKey } from '@libp2p/interface'
import type { RoomsComponents } from '../../../src/chat/rooms/index.ts'
import type { TestPerson } from './people.ts'

type Pubsub = RoomsComponents['pubsub']

/** Gossipsub among members that are all connected to each other: what is published is checked, then delivered. */
export class PubsubHub {
  readonly members: HubMember[] = []
  /** Each verdict that a validator gave, in order. */
  readonly verdicts: TopicValidatorResult[] = []

  join({ peerId, identity }: TestPerson): HubMember {
    const member = new HubMember(this, peerId, identity.peerKey.publicKey)
    this.members.push(member)
    return member
  }

  /** As when a connection is lost: gossipsub forgets the peer and dispatches nothing. */
  lose(member: HubMember): void {
    this.members.splice(this.members.indexOf(member), 1)
  }

  /** Hands a message to all others in its topic, as if `from` had published it. */
  async spread(topic: string, data: Uint8Array, from: HubMember): Promise<PublishResult> {
    const others = this.members.filter(
      (member) => member !== from && member.getTopics().includes(topic),
    )
    for (const member of others) {
      const validate = member.topicValidators.get(topic)
      if (validate === undefined) throw new Error('subscribed without a validator')
      this.verdicts.push(await validate(from.peerId, from.message(topic, data)))
    }
    return { recipients: others.map(({ peerId }) => peerId) }
  }
}

export class HubMember extends TypedEventEmitter<GossipSubEvents> implements Pubsub {
  readonly published: { topic: string; data: Uint8Array }[] = []
  readonly topicValidators: Pubsub['topicValidators'] = new Map()
  readonly peerId: PeerId
  readonly #hub: PubsubHub
  readonly #key: PublicKey
  readonly #topics = new Set<string>()

  constructor(hub: PubsubHub, peerId: PeerId, key: PublicKey) {
    super()
    this.#hub = hub
    this.peerId = peerId
    this.#key = key
  }

  publish(topic: string, data: Uint8Array): Promise<PublishResult> {
    this.published.push({ topic, data })
    if (!this.#hub.members.includes(this)) return Promise.resolve({ recipients: [] })
    return this.#hub.spread(topic, data, this)
  }

  subscribe(topic: string): void {
    this.#topics.add(topic)
    this.#announce(topic, true)
  }

  unsubscribe(topic: string): void {
    this.#topics.delete(topic)
    this.#announce(topic, false)
  }

  getTopics(): string[] {
    return [...this.#topics]
  }

  getSubscribers(topic: string): PeerId[] {
    return this.#others()
      .filter((member) => member.getTopics().includes(topic))
      .map(({ peerId }) => peerId)
  }

  message(topic: string, data: Uint8Array): Message {
    const { peerId: from } = this
    const rest = { sequenceNumber: 1n, signature: new Uint8Array(64), key: this.#key }
    return { type: 'signed', from, topic, data, ...rest }
  }

  #announce(topic: string, subscribe: boolean): void {
    const detail = { peerId: this.peerId, subscriptions: [{ topic, subscribe }] }
    for (const other of this.#others()) other.safeDispatchEvent('subscription-change', { detail })
  }

  #others(): HubMember[] {
    return this.#hub.members.filter((member) => member !== this)
  }
}
