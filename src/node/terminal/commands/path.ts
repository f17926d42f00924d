/** The command about the way to somebody. */
import { partner } from './partner.ts'
import { whom } from './whom.ts'
import { UsageError } from '../errors.ts'
import type { Command } from './command.ts'

export const path: Command = {
  name: 'path',
  usage: '/path [NAME]',
  summary: 'which way the open conversation takes, or that with NAME, and why no better one',
  argument: 'optional',
  completes: 'person',
  run(session, argument) {
    const person = argument === '' ? partner(session) : whom(session, argument)
    const conversation = session.chat.conversations().find(({ id }) => id === person.fingerprint)
    if (conversation === undefined) throw new UsageError('there is no conversation with them')
    session.view.path(conversation)
  },
}
