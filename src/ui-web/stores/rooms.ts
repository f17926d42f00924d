import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import type { Room, RoomMessage } from '../../chat/api.ts'
import { useSessionStore } from './session.ts'

/** The lobby, the rooms we joined and those we heard of, with what was said in them. */
export const useRoomsStore = defineStore('rooms', () => {
  const session = useSessionStore()
  const list = shallowRef<readonly Room[]>([])
  const messageLists = shallowReactive(new Map<string, RoomMessage[]>())

  const joined = computed(() => list.value.filter((room) => room.joined))
  const heardOf = computed(() => list.value.filter((room) => !room.joined))
  const unread = computed(() => joined.value.reduce((sum, room) => sum + room.unread, 0))

  function byName(name: string): Room | undefined {
    return list.value.find((room) => room.name === name)
  }

  function put(room: Room): void {
    const others = list.value
    list.value = others.some(({ name }) => name === room.name)
      ? others.map((other) => (other.name === room.name ? room : other))
      : [...others, room]
  }

  /** The core's order is the one shown: the lobby, what we joined, what we heard of. */
  function replaceAll(rooms: readonly Room[]): void {
    list.value = rooms
  }

  function messagesOf(name: string): readonly RoomMessage[] {
    return messageLists.get(name) ?? []
  }

  function load(name: string): void {
    messageLists.set(name, shallowReactive(session.core().roomMessages(name).slice()))
  }

  function putMessage(message: RoomMessage): void {
    const messages = messageLists.get(message.room)
    if (messages === undefined || messages.some(({ id }) => id === message.id)) return
    messages.push(message)
  }

  /** Returns the room under its normalised name. @throws InvalidNameError */
  async function join(name: string): Promise<Room> {
    const room = await session.core().joinRoom(name)
    put(room)
    return room
  }

  async function leave(name: string): Promise<void> {
    await session.core().leaveRoom(name)
    replaceAll(session.core().rooms())
  }

  async function send(name: string, text: string): Promise<void> {
    putMessage(await session.core().sendToRoom(name, text))
  }

  function markRead(name: string): void {
    const room = byName(name)
    if (room === undefined || room.unread === 0) return
    put({ ...room, unread: 0 })
    session.core().markRoomRead(name)
  }

  return {
    list,
    joined,
    heardOf,
    unread,
    byName,
    put,
    replaceAll,
    messagesOf,
    load,
    putMessage,
    join,
    leave,
    send,
    markRead,
  }
})
