/** What a person at a terminal sees of strangers, and of a conversation's settings. */
import { durationText } from './duration.ts'
import { localTime, shortFingerprint } from './format.ts'
import { resemblance, type Lines } from './human-lists.ts'
import { dim, personStyle, plain } from './paint.ts'
import { bytesText } from './path-text.ts'
import { cleanLine } from './sanitise.ts'
import { truncate } from './width.ts'
import type {
  Conversation,
  ConversationCover,
  ConversationSettings,
  Fingerprint,
  Preferences,
} from '../../chat/api.ts'
import type { Names } from './names.ts'
import type { RequestReport } from './view.ts'

/** Columns of a stranger's words in the list; all of them stand in the conversation once it is accepted. */
const QUOTE_COLUMNS = 200

export function requestLines(
  requests: readonly RequestReport[],
  names: Names,
  nowMs: number,
): Lines {
  if (requests.length === 0) return [[dim('nobody asks')]]
  return [
    ...requests.flatMap(({ conversation: { id, person }, messages }) => [
      [
        { text: names.of(id, person.name), style: personStyle(id) },
        dim(`  ${shortFingerprint(id)}  the name is what they call themselves`),
        ...resemblance(person, names),
      ],
      ...messages.map(({ timestamp, text }) => [
        dim(`  ${localTime(timestamp, nowMs)} `),
        plain(truncate(cleanLine(text), QUOTE_COLUMNS)),
      ]),
      ...(messages.length === 0
        ? [[dim('  what they wrote is too long to be kept before you accept')]]
        : []),
    ]),
    [dim('/accept WHO, /decline WHO or /block WHO; until then they are told nothing.')],
  ]
}

export function requestLine(fingerprint: Fingerprint, names: Names): Lines {
  const digits = shortFingerprint(fingerprint)
  const name = names.of(fingerprint)
  const called = name === digits ? '' : `, who calls themselves ${name},`
  return [
    [
      { text: '● ', style: 'warning' },
      plain(`somebody you do not know (${digits})${called} would like to write to you`),
      dim('  (/requests)'),
    ],
  ]
}

export function settingLines({ id, settings, cover }: Conversation, names: Names): Lines {
  const rows: readonly (readonly [string, string])[] = [
    ['receipts', onOff(settings, 'readReceipts')],
    ['typing', onOff(settings, 'typing')],
    ['mute', onOff(settings, 'muted')],
    [
      'disappear',
      settings.disappearing === 0 ? 'off' : `${durationText(settings.disappearing)}, for both`,
    ],
    ['compress', onOff(settings, 'compression')],
    ['cover', coverText(settings.cover, cover)],
  ]
  return [
    [dim(`with ${names.of(id)}`)],
    ...rows.map(([name, value]) => [dim(`${name.padEnd(12)} `), plain(value)]),
  ]
}

/** What holds towards everybody. */
export function preferenceLines({ readReceipts, typing }: Preferences): Lines {
  const rows: readonly (readonly [string, boolean])[] = [
    ['receipts', readReceipts],
    ['typing', typing],
  ]
  return [
    [dim('with everybody, where a conversation does not say otherwise')],
    ...rows.map(([name, value]) => [dim(`${name.padEnd(12)} `), plain(value ? 'on' : 'off')]),
  ]
}

/** `4 frames a second, 14.5 MiB an hour each way`, and what they would have us do. */
function coverText(framesPerSecond: number, cover: ConversationCover | undefined): string {
  const cost = cover?.choices.find((choice) => choice.framesPerSecond === framesPerSecond)
  if (cost !== undefined) {
    return `${String(framesPerSecond)} frames a second, ${bytesText(cost.bytesPerHour)} an hour each way, whatever is said`
  }
  if (cover?.isActive !== true) return 'off'
  return `off, but they asked for it: ${bytesText(cover.bytesPerHour)} an hour from you`
}

function onOff(
  settings: ConversationSettings,
  setting: 'readReceipts' | 'typing' | 'muted' | 'compression',
): string {
  return settings[setting] ? 'on' : 'off'
}
