import type { Person, Room, RoomMember, RoomMessage } from '../../chat/api.ts'
import { mockError } from './mock-errors.ts'
import { ALICE, BORIS, CARLA, fakeFingerprint, MEI, NAMELESS, OTHER_ALICE, SELF } from './cast.ts'
import { pause } from './pause.ts'

const ANSWER_MS = 1_800
const LOBBY = 'lobby'

export interface MockRoomEvents {
  onRoom(room: Room): void
  onMessage(message: RoomMessage): void
}

/** The public half of the fake core: a lively lobby, one room that was joined, two that were heard of. */
export class MockRooms {
  readonly #rooms = new Map<string, Room>()
  readonly #messages: RoomMessage[] = []
  readonly #events: MockRoomEvents
  #counter = 0

  constructor(events: MockRoomEvents, lively: boolean) {
    this.#events = events
    const others = lively ? [MEI, ALICE, OTHER_ALICE, NAMELESS, CARLA, BORIS] : []
    this.#put({
      name: LOBBY,
      joined: true,
      members: members(SELF, ...others),
      unread: lively ? 3 : 0,
    })
    if (!lively) return
    this.#put({ name: 'garden', joined: true, members: members(SELF, CARLA), unread: 0 })
    this.#put({ name: 'chess', joined: false, members: members(ALICE, BORIS), unread: 0 })
    this.#put({ name: '读书会', joined: false, members: members(MEI), unread: 0 })
    this.#say(LOBBY, ALICE, 'Good morning, everybody', 40)
    this.#say(LOBBY, OTHER_ALICE, 'Morning! I am an Alice too.', 38)
    this.#say(LOBBY, SELF, 'Hello, both of you.', 37)
    this.#say(LOBBY, NAMELESS, '…', 20)
    this.#say(LOBBY, MEI, '大家好', 2)
  }

  list(): Room[] {
    return [...this.#rooms.values()].sort((a, b) => rank(a) - rank(b))
  }

  messages(name: string): RoomMessage[] {
    return this.#messages.filter(({ room }) => room === name)
  }

  join(wanted: string): Room {
    const name = wanted.trim().toLowerCase().replace(/^#/u, '').replaceAll(' ', '-')
    if (!/^[\p{L}\p{N}._-]{1,32}$/u.test(name)) throw mockError('InvalidNameError', 'not a name')
    const known = this.#rooms.get(name)
    const there = known?.members.filter(({ fingerprint }) => fingerprint !== SELF.fingerprint) ?? []
    return this.#put({ name, joined: true, members: [...members(SELF), ...there], unread: 0 })
  }

  leave(name: string): void {
    const room = this.#rooms.get(name)
    if (room === undefined) return
    const others = room.members.filter(({ fingerprint }) => fingerprint !== SELF.fingerprint)
    this.#put({ ...room, joined: false, members: others, unread: 0 })
  }

  send(name: string, text: string): RoomMessage {
    const message = this.#say(name, SELF, text)
    const answerer = this.#rooms
      .get(name)
      ?.members.find((one) => one.fingerprint !== SELF.fingerprint)
    if (answerer !== undefined) void this.#answer(name, answerer, text)
    return message
  }

  markRead(name: string): void {
    const room = this.#rooms.get(name)
    if (room !== undefined) this.#put({ ...room, unread: 0 })
  }

  async #answer(name: string, member: RoomMember, text: string): Promise<void> {
    await pause(ANSWER_MS)
    this.#say(name, member, `“${text}”, says ${String(text.length)} letters`)
    const room = this.#rooms.get(name)
    if (room !== undefined) this.#put({ ...room, unread: room.unread + 1 })
  }

  #say(room: string, { fingerprint, name }: RoomMember, text: string, minutesAgo = 0): RoomMessage {
    const message: RoomMessage = {
      id: fakeFingerprint(`${room}:${String(this.#counter++)}`).slice(0, 32),
      room,
      author: fingerprint,
      authorName: name,
      outgoing: fingerprint === SELF.fingerprint,
      text,
      timestamp: Date.now() - minutesAgo * 60_000,
    }
    this.#messages.push(message)
    this.#events.onMessage(message)
    return message
  }

  #put(room: Room): Room {
    this.#rooms.set(room.name, room)
    this.#events.onRoom(room)
    return room
  }
}

function members(...people: readonly Person[]): RoomMember[] {
  return people.map(({ fingerprint, peerId, name }) => ({ fingerprint, peerId, name }))
}

function rank({ name, joined }: Room): number {
  if (name === LOBBY) return 0
  return joined ? 1 : 2
}
