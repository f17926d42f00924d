/** Commands about people whom the user does not know yet, or does not want to hear from. */
import { shortFingerprint } from '../format.ts'
import { UsageError } from '../errors.ts'
import { whose } from './whom.ts'
import type { Conversation, Fingerprint } from '../../../chat/api.ts'
import type { Command, CommandContext } from './command.ts'

export const requests: Command = {
  name: 'requests',
  usage: '/requests',
  summary: 'what people who are no contacts of yours would like',
  details:
    'They hear nothing of you but that their message is stored: not your name, not whether you have read it. Five short messages of each are kept; the rest waits with them.',
  argument: 'none',
  async run(session) {
    const asked = session.chat.requests()
    const messages = await Promise.all(asked.map(({ id }) => session.chat.messages(id)))
    session.view.requests(
      asked.map((conversation, index) => ({ conversation, messages: messages[index] ?? [] })),
    )
  },
}

export const accept: Command = {
  name: 'accept',
  usage: '/accept [WHO]',
  summary: 'make whoever asks a contact, and open the conversation',
  argument: 'optional',
  completes: 'request',
  async run(session, argument) {
    const { id } = request(session, argument)
    await session.chat.acceptRequest(id)
    await session.openPerson(id)
  },
}

export const decline: Command = {
  name: 'decline',
  usage: '/decline [WHO]',
  summary: 'forget what somebody asks, and do not hear them for a week; they are not told',
  argument: 'optional',
  completes: 'request',
  async run(session, argument) {
    await session.chat.declineRequest(request(session, argument).id)
  },
}

export const block: Command = {
  name: 'block',
  usage: '/block [WHO]',
  summary: 'nothing more comes from this person or goes to them; they are not told',
  argument: 'optional',
  completes: 'person',
  async run(session, argument) {
    const fingerprint = argument === '' ? session.partner() : anybody(session, argument)
    const name = session.names.of(fingerprint)
    await session.chat.block(fingerprint)
    session.view.note(`${name} is blocked: /unblock ${shortFingerprint(fingerprint)} undoes it`)
  },
}

export const unblock: Command = {
  name: 'unblock',
  usage: '/unblock [WHO]',
  summary: 'hear from somebody again; without WHO: whom you blocked',
  argument: 'optional',
  completes: 'person',
  async run(session, argument) {
    const blocked = session.chat.blocked()
    if (argument === '') {
      if (blocked.length === 0) session.view.note('nobody is blocked')
      else session.view.people(blocked, undefined)
      return
    }
    const fingerprint =
      pick(
        blocked.map((person) => ({ id: person.fingerprint, person })),
        argument,
      )?.id ?? whose(session, argument)
    await session.chat.unblock(fingerprint)
    session.view.note(`${session.names.of(fingerprint)} is not blocked any more`)
  },
}

/** Whoever asks: the only one, or the one that is meant. @throws UsageError */
function request(session: CommandContext, words: string): Conversation {
  const asked = session.chat.requests()
  const [only] = asked
  if (only === undefined) throw new UsageError('nobody asks')
  if (words === '') {
    if (asked.length === 1) return only
    throw new UsageError('several people ask: /requests shows them')
  }
  const found = pick(asked, words)
  if (found === undefined) throw new UsageError(`nobody called ${words} asks, or several do`)
  return found
}

function anybody(session: CommandContext, words: string): Fingerprint {
  return pick(session.chat.requests(), words)?.id ?? whose(session, words)
}

/** The one that is meant by the start of a fingerprint or by name, if it is one. */
function pick<One extends Pick<Conversation, 'id' | 'person'>>(
  all: readonly One[],
  words: string,
): One | undefined {
  const digits = words.replace(/[\s:]/gu, '').toLowerCase()
  const near = all.filter(({ id }) => digits.length >= 8 && id.startsWith(digits))
  const found = near.length > 0 ? near : all.filter(({ person }) => person.name === words)
  return found.length === 1 ? found[0] : undefined
}
