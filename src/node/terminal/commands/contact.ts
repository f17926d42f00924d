/** The commands about how people find each other. */
import { partner } from './partner.ts'
import { whom } from './whom.ts'
import { UsageError } from '../errors.ts'
import type { Command } from './command.ts'

export const link: Command = {
  name: 'link',
  usage: '/link',
  summary: 'your own contact link, and its QR code: whoever opens it can write to you',
  details:
    'They paste it behind /open, or scan it with the page. It names you, your addresses and ways into the network, and no secret; your fingerprint in it keeps everybody else out.',
  argument: 'none',
  async run({ chat, view }) {
    view.contactLink(await chat.contactLink())
  },
}

export const contact: Command = {
  name: 'contact',
  usage: '/contact [NAME]',
  summary: 'how the search for somebody goes who is not connected, and what happens next',
  argument: 'optional',
  completes: 'person',
  run(session, argument) {
    const person = argument === '' ? partner(session) : whom(session, argument)
    const conversation = session.chat.conversations().find(({ id }) => id === person.fingerprint)
    if (conversation === undefined) throw new UsageError('there is no conversation with them')
    session.view.contact(conversation)
  },
}
