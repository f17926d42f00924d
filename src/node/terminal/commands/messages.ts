/** Commands about a message that is there already. */
import { UsageError } from '../errors.ts'
import { messageAt } from './message-at.ts'
import type { Command } from './command.ts'

const PLACE =
  'Which message: ^2 is the last but one, of both sides; ^ and the start of an id works as well.'

export const reply: Command = {
  name: 'reply',
  usage: '/reply [^N] TEXT',
  summary: 'answer their last message, or the Nth from the last',
  details: PLACE,
  argument: 'required',
  async run(session, argument) {
    const { message, rest } = await messageAt(session, argument, 'theirs')
    if (rest === '') throw new UsageError('answer what? /reply [^N] TEXT')
    await session.chat.send(session.partner(), rest, { replyTo: message.id })
  },
}

export const edit: Command = {
  name: 'edit',
  usage: '/edit [^N] TEXT',
  summary: 'say your last message differently, on both sides',
  details: `For 24 hours, ten times; what it said before stays to be seen. ${PLACE}`,
  argument: 'required',
  async run(session, argument) {
    const { message, rest } = await messageAt(session, argument, 'ours')
    if (rest === '') throw new UsageError('say what instead? /edit [^N] TEXT')
    await session.chat.edit(session.partner(), message.id, rest)
  },
}

export const react: Command = {
  name: 'react',
  usage: '/react [^N] EMOJI|none',
  summary: 'put one emoji on their last message, or take yours back',
  details: PLACE,
  argument: 'required',
  async run(session, argument) {
    const { message, rest } = await messageAt(session, argument, 'theirs')
    if (rest === '') throw new UsageError('with which emoji? /react [^N] EMOJI')
    const emoji = rest === 'none' ? undefined : rest
    await session.chat.react(session.partner(), message.id, emoji)
  },
}

export const remove: Command = {
  name: 'delete',
  usage: '/delete [^N] [both]',
  summary: 'delete your last message here, or on both sides',
  details: `“both” is for your own messages, and asks: a program may have been changed so as not to do it. ${PLACE}`,
  argument: 'optional',
  async run(session, argument) {
    const { message, rest } = await messageAt(session, argument, 'ours')
    if (rest !== '' && rest !== 'both') throw new UsageError('/delete [^N] [both]')
    await session.chat.deleteMessage(session.partner(), message.id, { forBoth: rest === 'both' })
  },
}
