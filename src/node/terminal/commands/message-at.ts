import { UsageError } from '../errors.ts'
import type { ChatMessage } from '../../../chat/api.ts'
import type { CommandContext } from './command.ts'

/** A message that a command is about, and what the command says of it. */
export interface About {
  readonly message: ChatMessage
  readonly rest: string
}

/** `^`, `^3` or `^` and the beginning of an id, in front of the rest. */
const PLACE = /^\^(?<place>[0-9a-f]*)(?:\s+|$)/u
/** Digits that count backwards; an id has more. */
const MAX_COUNT_DIGITS = 3

/**
 * The message of the open conversation that an argument begins with: `^N`, the Nth from the last, or `^ID`, by the start of its
 * id. Without either, the last one of `default`: theirs, or ours.
 * @throws UsageError where there is none
 */
export async function messageAt(
  session: CommandContext,
  argument: string,
  fallback: 'theirs' | 'ours',
): Promise<About> {
  const said = (await session.chat.messages(session.partner())).filter(
    ({ note, deleted }) => note === undefined && deleted !== true,
  )
  const found = PLACE.exec(argument)
  const rest = argument.slice(found?.[0].length ?? 0).trim()
  const place = found?.groups?.['place'] ?? ''
  const message =
    place === ''
      ? said.findLast(({ outgoing }) => outgoing === (fallback === 'ours'))
      : place.length <= MAX_COUNT_DIGITS && /^\d+$/u.test(place)
        ? said.at(-Number(place))
        : said.findLast(({ id }) => id.startsWith(place))
  if (message === undefined) {
    throw new UsageError(place === '' ? 'there is no message yet' : `there is no message ^${place}`)
  }
  return { message, rest }
}
