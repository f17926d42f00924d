import { InvalidContentError } from '../errors.ts'
import { createMessageId } from '../message/message-id.ts'
import {
  LOBBY,
  MAX_ANNOUNCED_ROOMS,
  MAX_KNOWN_ROOMS,
  MAX_ROOM_TEXT_BYTES,
  PRESENCE_INTERVAL_MS,
} from './constants.ts'
import { replyDelayMs } from './reply-delay.ts'
import { RoomCarrier } from './room-carrier.ts'
import { RoomGate } from './room-gate.ts'
import { acceptableName, isRoomName, normaliseRoomName, topicOf } from './room-names.ts'
import { isRoomPresence, isRoomText, sealRoomEnvelope } from './room-envelope.ts'
import { RoomState } from './room-state.ts'
import type { OpenedRoomEnvelope, RoomPresence, RoomText } from './room-envelope.ts'
import type { RoomsComponents, RoomsInit } from './index.ts'
import type { Room, RoomMember, RoomMessage } from '../api.ts'
import type { Content } from '../message/content.ts'
import type { Logger } from '@libp2p/interface'

export class Rooms {
  readonly #components: RoomsComponents
  readonly #init: RoomsInit
  readonly #now: () => number
  readonly #log: Logger
  readonly #rooms = new Map<string, RoomState>()
  readonly #gate: RoomGate
  readonly #carrier: RoomCarrier | undefined
  readonly #replies = new Map<string, ReturnType<typeof setTimeout>>()
  #interval: ReturnType<typeof setInterval> | undefined
  #name: string | undefined

  constructor(components: RoomsComponents, init: RoomsInit) {
    this.#components = components
    this.#init = init
    this.#now = init.now ?? Date.now
    this.#log = components.logger.forComponent('sotto:rooms')
    this.#gate = new RoomGate(components, {
      now: this.#now,
      onEnvelope: (room, opened) => {
        this.#receive(room, opened)
      },
      onRefusal: init.onRefusal,
    })
    this.#carrier = init.carry ? new RoomCarrier(components.pubsub, this.#gate) : undefined
  }

  async start(): Promise<void> {
    this.#carrier?.start()
    if (this.#init.joinLobby ?? true) await this.join(LOBBY)
    else this.#room(LOBBY)
    this.#interval = setInterval(() => {
      this.#tick()
    }, PRESENCE_INTERVAL_MS)
    this.#components.pubsub.addEventListener('subscription-change', this.#onSubscription)
  }

  /** Says goodbye in every room. */
  async stop(): Promise<void> {
    clearInterval(this.#interval)
    this.#components.pubsub.removeEventListener('subscription-change', this.#onSubscription)
    for (const timer of this.#replies.values()) clearTimeout(timer)
    await Promise.all(this.#joined().map((room) => this.#say(room.name, 'bye')))
    this.#carrier?.stop()
    this.#gate.close()
  }

  /** The name that goes with what we say from now on. */
  async setName(name: string): Promise<void> {
    this.#name = name
    await Promise.all(this.#joined().map((room) => this.#say(room.name, 'here')))
  }

  /** Whether we may be seen is something else now. */
  async shownChanged(): Promise<void> {
    const type = this.#isShown() ? 'here' : 'bye'
    await Promise.all(
      this.#joined().map((room) => this.#publish(room.name, this.#presence(room.name, type))),
    )
  }

  /** @throws InvalidNameError */
  async join(name: string): Promise<Room> {
    const room = this.#room(normaliseRoomName(name))
    if (!room.joined) {
      room.joined = true
      room.saw(this.#self(), this.#now())
      this.#gate.open(room.name)
      this.#carrier?.release(topicOf(room.name))
      this.#components.pubsub.subscribe(topicOf(room.name))
      this.#changed(room)
      await this.#say(room.name, 'here')
      if (room.name !== LOBBY && this.#room(LOBBY).joined) await this.#say(LOBBY, 'here')
    }
    return room.view()
  }

  /** @throws InvalidNameError */
  async leave(name: string): Promise<void> {
    const room = this.#rooms.get(normaliseRoomName(name))
    if (room === undefined || !room.joined) return
    await this.#say(room.name, 'bye')
    const { members } = room.view()
    room.clear()
    // whom we knew to be there from this room alone, we know nothing of any more
    for (const member of members) this.#init.onMember(member, this.#isPresent(member))
    this.#components.pubsub.unsubscribe(topicOf(room.name))
    this.#gate.shut(room.name)
    this.#carrier?.consider(topicOf(room.name))
    this.#changed(room)
    if (this.#room(LOBBY).joined) await this.#say(LOBBY, 'here')
  }

  /** @throws InvalidContentError | InvalidNameError */
  async send(name: string, text: string): Promise<RoomMessage> {
    const room = this.#rooms.get(normaliseRoomName(name))
    if (room === undefined || !room.joined) throw new InvalidContentError('join the room first')
    const bytes = new TextEncoder().encode(text).byteLength
    if (bytes === 0 || bytes > MAX_ROOM_TEXT_BYTES) {
      throw new InvalidContentError(`a room message has 1 to ${MAX_ROOM_TEXT_BYTES} bytes`)
    }
    const content: RoomText = { ...this.#header('text'), text }
    const message = this.#message(room.name, content, this.#self(), true)
    room.addMessage(message)
    this.#init.onMessage(message)
    await this.#publish(room.name, content)
    return message
  }

  /** The lobby first, then rooms we are in, then rooms we heard of. */
  list(): Room[] {
    const rank = (room: RoomState): number => (room.name === LOBBY ? 0 : room.joined ? 1 : 2)
    return [...this.#rooms.values()]
      .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
      .map((room) => room.view())
  }

  messages(name: string): RoomMessage[] {
    return this.#rooms.get(normaliseRoomName(name))?.messages ?? []
  }

  markRead(name: string): void {
    const room = this.#rooms.get(normaliseRoomName(name))
    if (room === undefined || room.unread === 0) return
    room.unread = 0
    this.#changed(room)
  }

  #receive(roomName: string, { author, content }: OpenedRoomEnvelope): void {
    const room = this.#rooms.get(roomName)
    if (room === undefined || !room.joined) return
    if (!isRoomText(content) && !isRoomPresence(content)) return
    const member: RoomMember = {
      fingerprint: author.fingerprint,
      peerId: author.peerId.toString(),
      name: acceptableName(content.name),
    }
    if (isRoomText(content)) {
      const message = this.#message(roomName, content, member, false)
      if (!room.addMessage(message)) return
      this.#init.onMessage(message)
    }
    const gone = content.type === 'bye'
    const isNewcomer = !gone && !room.knows(member.fingerprint)
    const news = gone ? room.left(member.fingerprint) : room.saw(member, this.#now())
    if (content.type !== 'text' && roomName === LOBBY) this.#heardOf(content.rooms ?? [])
    if (isNewcomer) this.#replySoon(room)
    this.#init.onMember(member, !gone || this.#isPresent(member))
    if (news || content.type === 'text') this.#changed(room)
  }

  #isPresent(member: RoomMember): boolean {
    return this.list().some((room) =>
      room.members.some(({ fingerprint }) => fingerprint === member.fingerprint),
    )
  }

  #heardOf(names: readonly string[]): void {
    for (const name of names.slice(0, MAX_ANNOUNCED_ROOMS)) {
      if (!isRoomName(name)) continue
      const known = this.#rooms.get(name)
      if (known !== undefined && !known.joined) {
        // last heard of, last forgotten
        this.#rooms.delete(name)
        this.#rooms.set(name, known)
      } else if (known === undefined) {
        this.#makePlace()
        this.#changed(this.#room(name))
      }
    }
  }

  /** Of the rooms we are not in, forgets the one not heard of for longest when there are too many. */
  #makePlace(): void {
    if (this.#rooms.size < MAX_KNOWN_ROOMS) return
    const oldest = [...this.#rooms.values()].find(({ joined }) => !joined)
    if (oldest !== undefined) this.#rooms.delete(oldest.name)
  }

  /** Somebody new should learn that we are here; a moment later, so that many such answers become one. */
  #replySoon({ name, size }: RoomState): void {
    if (this.#replies.has(name)) return
    const [random = 0] = this.#components.crypto.randomBytes(1)
    const timer = setTimeout(
      () => {
        this.#replies.delete(name)
        void this.#say(name, 'here')
      },
      replyDelayMs(size, random / 255),
    )
    this.#replies.set(name, timer)
  }

  /** A peer that subscribed just now has missed our last "here". */
  readonly #onSubscription = (
    event: CustomEvent<{ subscriptions: { topic: string; subscribe: boolean }[] }>,
  ): void => {
    for (const { topic, subscribe } of event.detail.subscriptions) {
      const room = this.#joined().find(({ name }) => topicOf(name) === topic)
      if (subscribe && room !== undefined) this.#replySoon(room)
    }
  }

  #tick(): void {
    this.#carrier?.sweep()
    for (const room of this.#joined()) {
      room.saw(this.#self(), this.#now())
      const gone = room.expire(this.#now())
      for (const member of gone) this.#init.onMember(member, this.#isPresent(member))
      if (gone.length > 0) this.#changed(room)
      void this.#say(room.name, 'here')
    }
  }

  async #say(room: string, type: RoomPresence['type']): Promise<void> {
    // whoever spoke is seen for a while, and may well say goodbye
    if (type === 'here' && !this.#isShown()) return
    await this.#publish(room, this.#presence(room, type))
  }

  #isShown(): boolean {
    return this.#init.isShown?.() ?? true
  }

  #presence(room: string, type: RoomPresence['type']): RoomPresence {
    const names = this.#joined().map(({ name }) => name)
    return {
      ...this.#header(type),
      ...(room === LOBBY ? { rooms: names.slice(0, MAX_ANNOUNCED_ROOMS) } : {}),
    }
  }

  async #publish(room: string, content: RoomText | RoomPresence): Promise<void> {
    const { crypto, pubsub } = this.#components
    const topic = topicOf(room)
    try {
      await pubsub.publish(
        topic,
        await sealRoomEnvelope(crypto, this.#init.identity, topic, content),
      )
    } catch (err) {
      this.#log('publishing to a room failed - %e', err)
    }
  }

  #header<Type extends string>(type: Type): Content & { type: Type; name?: string } {
    const timestamp = this.#now()
    const id = createMessageId(timestamp, (length) => this.#components.crypto.randomBytes(length))
    return { type, id, timestamp, ...(this.#name === undefined ? {} : { name: this.#name }) }
  }

  #message(room: string, content: RoomText, author: RoomMember, outgoing: boolean): RoomMessage {
    const { id, timestamp, text } = content
    const { fingerprint, name } = author
    return { id, room, author: fingerprint, authorName: name, outgoing, text, timestamp }
  }

  #self(): RoomMember {
    const { identity, peerId } = this.#init
    return { fingerprint: identity.fingerprint, peerId: peerId.toString(), name: this.#name }
  }

  #room(name: string): RoomState {
    let room = this.#rooms.get(name)
    if (room === undefined) {
      room = new RoomState(name)
      this.#rooms.set(name, room)
    }
    return room
  }

  #joined(): RoomState[] {
    return [...this.#rooms.values()].filter(({ joined }) => joined)
  }

  #changed(room: RoomState): void {
    this.#init.onRoom(room.view())
  }
}
