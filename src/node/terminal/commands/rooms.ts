import { UsageError } from '../errors.ts'
import type { Command } from './command.ts'

/** The room that everybody is in. */
const LOBBY = 'lobby'

export const rooms: Command = {
  name: 'rooms',
  usage: '/rooms',
  summary: 'the rooms there are, and which you are in',
  argument: 'none',
  run(session) {
    session.view.rooms(session.chat.rooms())
  },
}

export const join: Command = {
  name: 'join',
  usage: '/join ROOM',
  summary: 'go into a public room, and make it if there is none of that name',
  argument: 'required',
  completes: 'room',
  async run(session, argument) {
    session.openRoom(await session.chat.joinRoom(roomName(argument)))
  },
}

export const lobby: Command = {
  name: 'lobby',
  usage: '/lobby',
  summary: 'go into the lobby, the public room that everybody is in',
  argument: 'none',
  async run(session) {
    session.openRoom(await session.chat.joinRoom(LOBBY))
  },
}

export const leave: Command = {
  name: 'leave',
  usage: '/leave [ROOM]',
  summary: 'leave a room, or the one that is open',
  argument: 'optional',
  completes: 'room',
  async run(session, argument) {
    const { target } = session
    const name = argument === '' && target?.kind === 'room' ? target.name : roomName(argument)
    if (name === '') throw new UsageError('no room is open: /leave ROOM')
    await session.chat.leaveRoom(name)
    if (session.isOpen({ kind: 'room', name })) session.close()
    session.view.note(`left #${name}`)
  },
}

/** `#garden` and `garden` are the same room. */
function roomName(argument: string): string {
  return argument.replace(/^#/u, '')
}
