/** Commands about what contacts are told of us. */
import { UsageError } from '../errors.ts'
import type { PresencePreferences } from '../../../chat/api.ts'
import type { Command, CommandContext } from './command.ts'

export const away: Command = {
  name: 'away',
  usage: '/away [no]',
  summary: 'tell contacts that you are away, until /away no',
  details: 'Without it you are away once you have typed nothing for five minutes.',
  argument: 'optional',
  run({ chat, view }, argument) {
    if (argument !== '' && argument !== 'no') throw new UsageError("'/away' or '/away no'")
    chat.setAway(argument === '')
    view.note(argument === '' ? 'away, until /away no' : 'back')
  },
}

export const sharing: Command = {
  name: 'presence',
  usage: '/presence [online|away|seen on|off]',
  summary: 'whether contacts see that you are online, that you are away, when you were here last',
  details:
    'Who withholds one does not see it of others either. What you say in a room shows that you are there.',
  argument: 'optional',
  async run(session, argument) {
    const [which = '', how = '', ...surplus] = argument.split(/\s+/u)
    if (argument !== '') {
      const preference = PREFERENCES[which]
      if (preference === undefined || !['on', 'off'].includes(how) || surplus.length > 0) {
        throw new UsageError("'online', 'away' or 'seen', and 'on' or 'off'")
      }
      await session.chat.updatePreferences({ presence: { [preference]: how === 'on' } })
    }
    session.view.note(sharedText(session.chat.preferences().presence))
  },
}

/** `/status TEXT`; `-` takes it back. */
export async function setStatus({ chat, view }: CommandContext, text: string): Promise<void> {
  await chat.setStatus(text === '-' ? '' : text)
  const { status } = chat.self
  view.note(status === undefined ? 'no status' : `status: ${status}`)
}

const PREFERENCES: Readonly<Record<string, keyof PresencePreferences>> = {
  online: 'shareOnline',
  away: 'shareAway',
  seen: 'shareLastSeen',
}

function sharedText(presence: PresencePreferences): string {
  const told = Object.entries(PREFERENCES).map(
    ([name, preference]) => `${name} ${presence[preference] ? 'on' : 'off'}`,
  )
  return `contacts are told: ${told.join(', ')}`
}
