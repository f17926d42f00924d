/** Commands about how the open conversation is to be treated. */
import { parseDuration } from '../duration.ts'
import { UsageError } from '../errors.ts'
import type { Conversation, ConversationSettings } from '../../../chat/api.ts'
import type { Command, CommandContext } from './command.ts'

export const receipts: Command = {
  name: 'receipts',
  usage: '/receipts [on|off] [all]',
  summary:
    'whether you tell this person what you have read, and see what they have; all: everybody',
  details:
    'Who does not tell is not told either. A conversation that was set to something else than everybody keeps to that.',
  argument: 'optional',
  run: (session, argument) => choose(session, argument, 'readReceipts'),
}

export const typing: Command = {
  name: 'typing',
  usage: '/typing [on|off] [all]',
  summary:
    'whether you tell this person that you are writing, and see when they are; all: everybody',
  argument: 'optional',
  run: (session, argument) => choose(session, argument, 'typing'),
}

export const compress: Command = {
  name: 'compress',
  usage: '/compress [on|off]',
  summary: 'whether long messages to this person are deflated where that saves frames',
  details:
    'Off unless you say: the size of what was deflated tells something of what it says to whoever can have you send words of theirs.',
  argument: 'optional',
  run: (session, argument) => change(session, argument, 'compression'),
}

export const cover: Command = {
  name: 'cover',
  usage: '/cover [off|2|4|16]',
  summary: 'send this person so many frames a second, whether you say something or not',
  details:
    'Whoever watches the line cannot tell then whether, when and how much you write. It costs 7.3 MiB an hour each way at 2, 14.5 MiB at 4, 58 MiB at 16; a slow rate is a slow conversation.',
  argument: 'optional',
  async run(session, argument) {
    if (argument === '') {
      show(session)
      return
    }
    const rate = argument === 'off' ? 0 : Number(argument)
    const choices = open(session).cover?.choices ?? []
    if (rate !== 0 && !choices.some(({ framesPerSecond }) => framesPerSecond === rate)) {
      const rates = choices.map(({ framesPerSecond }) => String(framesPerSecond)).join(', ')
      throw new UsageError(`cover is off, or one of ${rates} frames a second, not '${argument}'`)
    }
    await update(session, { cover: rate })
  },
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

/** What may be chosen for one conversation, or for all that do not say otherwise. */
async function choose(
  session: CommandContext,
  argument: string,
  setting: 'readReceipts' | 'typing',
): Promise<void> {
  const [, value, all] = /^(on|off)?\s*(all)?$/u.exec(argument) ?? []
  if (all === undefined) {
    await change(session, argument, setting)
    return
  }
  const { chat, view } = session
  view.preferences(
    value === undefined
      ? chat.preferences()
      : await chat.updatePreferences({ [setting]: value === 'on' }),
  )
}

async function change(
  session: CommandContext,
  argument: string,
  setting: 'readReceipts' | 'typing' | 'muted' | 'compression',
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
  session.view.settings(open(session))
}

/** @throws UsageError */
function open(session: CommandContext): Conversation {
  const partner = session.partner()
  const conversation = session.chat.conversations().find(({ id }) => id === partner)
  if (conversation === undefined) throw new UsageError('this conversation has not begun')
  return conversation
}
