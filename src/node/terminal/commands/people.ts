import { LookupUnansweredError, PersonNotFoundError } from '../../../chat/errors.ts'
import { looksLikeLink } from '../../../chat/invitations/index.ts'
import { UsageError } from '../errors.ts'
import type { Person } from '../../../chat/api.ts'
import type { Command, CommandContext } from './command.ts'

/** A whole fingerprint, however it was grouped when it was read out. */
const FINGERPRINT = /^[0-9a-f]{64}$/iu

export const who: Command = {
  name: 'who',
  usage: '/who',
  summary: 'who we know of, who is online, and the start of their fingerprints',
  argument: 'none',
  run(session) {
    const { target } = session
    const room =
      target?.kind === 'room'
        ? session.chat.rooms().find(({ name }) => name === target.name)
        : undefined
    session.view.people(session.names.everyone(), room)
  },
}

export const open: Command = {
  name: 'open',
  usage: '/open WHO',
  summary: 'talk to somebody: by contact link, name, peer id, multiaddr or fingerprint',
  details:
    'What you type then goes to them. A name is looked up in the network and may belong to several people: then you choose by number. A link or a fingerprint can be written to at once, whether anybody can be reached or not. A fingerprint may be given with its spaces, or as the first 8 digits that /who shows.',
  argument: 'required',
  completes: 'person',
  async run(session, query, signal) {
    const people = await find(session, query, signal)
    const [only] = people
    if (only !== undefined && people.length === 1) await session.openPerson(only.fingerprint)
    else session.ask(query, people)
  },
}

async function find(
  session: CommandContext,
  query: string,
  signal: AbortSignal,
): Promise<readonly Person[]> {
  const digits = query.replace(/[\s:]/gu, '')
  const near = session.names.byPrefix(digits)
  if (near.length > 0) return near
  const sought = FINGERPRINT.test(digits) ? digits.toLowerCase() : query
  if (!looksLikeLink(query)) session.view.progress(`looking for ${sought} …`)
  let failure: Error = new PersonNotFoundError(`nobody answers to ${query}`)
  try {
    const { people } = await session.chat.lookup(sought, { signal })
    if (people.length > 0) return people
  } catch (err) {
    if (err instanceof LookupUnansweredError) failure = err
    else if (!(err instanceof PersonNotFoundError)) throw err
  }
  // Somebody seen in a room, say, whose profile the network does not hold (yet).
  const namesakes = session.names.byName(sought)
  if (namesakes.length > 0) return namesakes
  throw failure
}

/** What `/history` shows where nobody said how much. */
const HISTORY_MESSAGES = 20

export const history: Command = {
  name: 'history',
  usage: '/history [COUNT]',
  summary: 'the last messages of the open conversation once more, 20 where you do not say',
  argument: 'optional',
  async run(session, argument) {
    const count = argument === '' ? HISTORY_MESSAGES : Number(argument)
    if (!Number.isSafeInteger(count) || count < 1) {
      throw new UsageError(`/history takes a number of messages, not '${argument}'`)
    }
    const messages = await session.chat.messages(session.partner())
    session.view.history(messages.slice(-count))
  },
}

export const close: Command = {
  name: 'close',
  usage: '/close',
  summary: 'close the open conversation or room; nothing is lost, messages keep coming',
  argument: 'none',
  run(session) {
    if (session.target === undefined) throw new UsageError('nothing is open')
    session.close()
    session.view.note('closed')
  },
}

export const conversations: Command = {
  name: 'conversations',
  usage: '/conversations',
  summary: 'everyone you talk to, how the link to them stands, what is unread',
  argument: 'none',
  run(session) {
    session.view.conversations(session.chat.conversations())
  },
}

export const retry: Command = {
  name: 'retry',
  usage: '/retry',
  summary: 'send again what failed in the open conversation',
  argument: 'none',
  async run(session) {
    const messages = await session.chat.messages(session.partner())
    const failed = messages.filter(({ state }) => state === 'failed')
    if (failed.length === 0) throw new UsageError('nothing failed here')
    for (const { id } of failed) await session.chat.retry(id)
  },
}
