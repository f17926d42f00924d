import { MAX_ROOM_HISTORY, MAX_ROOM_MEMBERS, PRESENCE_LIFETIME_MS } from './constants.ts'
import type { Room, RoomMember, RoomMessage } from '../api.ts'

/** What we know of one room: who is in it and what was said since we joined. */
export class RoomState {
  readonly name: string
  joined = false
  unread = 0
  #messages: RoomMessage[] = []
  readonly #members = new Map<string, { member: RoomMember; seenAt: number }>()

  constructor(name: string) {
    this.name = name
  }

  /** Members that we know of. */
  get size(): number {
    return this.#members.size
  }

  knows(fingerprint: string): boolean {
    return this.#members.has(fingerprint)
  }

  get messages(): RoomMessage[] {
    return [...this.#messages]
  }

  /** False for a message that is here already. */
  addMessage(message: RoomMessage): boolean {
    const { id, author } = message
    // somebody else's message under the same id must not push this one out
    if (this.#messages.some((known) => known.id === id && known.author === author)) return false
    this.#messages.push(message)
    this.#messages = this.#messages.slice(-MAX_ROOM_HISTORY)
    if (!message.outgoing) this.unread++
    return true
  }

  /** True when the member is new or has another name. */
  saw(member: RoomMember, nowMs: number): boolean {
    const known = this.#members.get(member.fingerprint)
    if (known === undefined && this.#members.size >= MAX_ROOM_MEMBERS) return false
    this.#members.set(member.fingerprint, { member, seenAt: nowMs })
    return known === undefined || known.member.name !== member.name
  }

  left(fingerprint: string): boolean {
    return this.#members.delete(fingerprint)
  }

  /** Forgets members not heard of for long, and returns them. */
  expire(nowMs: number): RoomMember[] {
    const gone = [...this.#members.values()].filter(
      ({ seenAt }) => nowMs - seenAt > PRESENCE_LIFETIME_MS,
    )
    for (const { member } of gone) this.#members.delete(member.fingerprint)
    return gone.map(({ member }) => member)
  }

  clear(): void {
    this.joined = false
    this.unread = 0
    this.#messages = []
    this.#members.clear()
  }

  view(): Room {
    return {
      name: this.name,
      joined: this.joined,
      unread: this.unread,
      members: [...this.#members.values()].map(({ member }) => member),
    }
  }
}
