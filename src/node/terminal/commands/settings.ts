/** Commands about how the open conversation is to be treated. */
import { parseDuration } from '../duration.ts'
import { UsageError } from '../errors.ts'
import type { ConversationSettings } from '../../../chat/api.ts'
import type { Command, CommandContext } from './command.ts'

export const receipts: Command = {
  name: 'receipts',
  usage: '/receipts [on|off]',
  summary: 'whether you tell this person what you have read, and see what they have',
  details: 'Who does not tell is not told either.',
  argument: 'optional',
  run: (session, argument) => change(session, argument, 'readReceipts'),
}

export const typing: Command = {
  name: 'typing',
  usage: '/typing [on|off]',
  summary: 'whether you tell this person that you are writing, and see when they are',
  argument: 'optional',
  run: (session, argument) => change(session, argument, 'typing'),
}

export const mute: Command = {
  name: 'mute',
  usage: '/mute [on|off]',
  summary: 'whether messages of this person come in quietly',
  argument: 'optional',
  run: (session, argument) => change(session, argument === '' ? 'on' : argument, 'muted'),
}

export const disappear: Command = {
  name: 'disappear',
  usage: '/disappear [TIME|off]',
  summary: 'have what you both write from now on go by itself: 30s, 5m, 1h, 7d, at most 4w',
  details:
    'Counted from when a message was read, and for its author from when it arrived. It holds for both sides, and either may change it. Nothing keeps the other side from copying what they see.',
  argument: 'optional',
  async run(session, argument) {
    if (argument === '') show(session)
    else await update(session, { disappearing: parseDuration(argument) })
  },
}

async function change(
  session: CommandContext,
  argument: string,
  setting: 'readReceipts' | 'typing' | 'muted',
): Promise<void> {
  if (argument === '') show(session)
  else if (argument === 'on' || argument === 'off') {
    await update(session, { [setting]: argument === 'on' })
  } else throw new UsageError(`on or off, not '${argument}'`)
}

async function update(
  session: CommandContext,
  settings: Partial<ConversationSettings>,
): Promise<void> {
  session.view.settings(await session.chat.updateSettings(session.partner(), settings))
}

function show(session: CommandContext): void {
  const partner = session.partner()
  const conversation = session.chat.conversations().find(({ id }) => id === partner)
  if (conversation === undefined) throw new UsageError('this conversation has not begun')
  session.view.settings(conversation)
}
