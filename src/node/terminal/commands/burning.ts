import { UsageError } from '../errors.ts'
import type { Command } from './command.ts'

/** `60`, `60/3`: seconds, and how often it can be read. */
const TERMS = /^(?<ttl>\d+)(?:\/(?<reads>\d+))?$/u

export const burn: Command = {
  name: 'burn',
  usage: '/burn [SECONDS[/READS]] TEXT',
  summary: 'say something that burns after reading: after 5 minutes or one reading, unless you say',
  details:
    'It goes on both sides after so many seconds or so many readings, whichever comes first: /burn 60/3 TEXT is a minute or three readings. Nothing keeps the other side from copying it down, or from running a program that keeps it.',
  argument: 'required',
  async run(session, argument) {
    const [first = '', ...rest] = argument.split(' ')
    const groups = rest.length > 0 ? TERMS.exec(first)?.groups : undefined
    const text = groups === undefined ? argument : argument.slice(first.length).trim()
    const terms = {
      ...(groups?.['ttl'] !== undefined && { ttlSeconds: Number(groups['ttl']) }),
      ...(groups?.['reads'] !== undefined && { reads: Number(groups['reads']) }),
    }
    await session.chat.send(session.partner(), text, { burn: terms })
  },
}

export const reveal: Command = {
  name: 'reveal',
  usage: '/reveal [COUNT]',
  summary:
    'read the last message here that burns, or the one COUNT before it; it counts as reading',
  argument: 'optional',
  async run(session, argument) {
    const partner = session.partner()
    const back = argument === '' ? 0 : Number(argument)
    if (!Number.isSafeInteger(back) || back < 0) {
      throw new UsageError(`/reveal takes a number of messages, not '${argument}'`)
    }
    const messages = await session.chat.messages(partner)
    const burning = messages.filter(
      ({ burn: terms, outgoing, state }) => terms !== undefined && !outgoing && state !== 'burned',
    )
    const message = burning.at(-1 - back)
    if (message === undefined) throw new UsageError('no message here can be revealed')
    session.view.revealed(message, await session.chat.reveal(partner, message.id))
  },
}
