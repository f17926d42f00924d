/** What a person at a terminal sees of strangers, and of a conversation's settings. */
import { durationText } from './duration.ts'
import { localTime, shortFingerprint } from './format.ts'
import { dim, personStyle, plain } from './paint.ts'
import { cleanLine } from './sanitise.ts'
import { truncate } from './width.ts'
import type { Conversation, ConversationSettings, Fingerprint } from '../../chat/api.ts'
import type { Lines } from './human-lists.ts'
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

export function requestLine(fingerprint: Fingerprint): Lines {
  return [
    [
      { text: '● ', style: 'warning' },
      plain(
        `somebody you do not know (${shortFingerprint(fingerprint)}) would like to write to you`,
      ),
      dim('  (/requests)'),
    ],
  ]
}

export function settingLines({ id, settings }: Conversation, names: Names): Lines {
  const rows: readonly (readonly [string, string])[] = [
    ['receipts', onOff(settings, 'readReceipts')],
    ['typing', onOff(settings, 'typing')],
    ['mute', onOff(settings, 'muted')],
    [
      'disappear',
      settings.disappearing === 0 ? 'off' : `${durationText(settings.disappearing)}, for both`,
    ],
  ]
  return [
    [dim(`with ${names.of(id)}`)],
    ...rows.map(([name, value]) => [dim(`${name.padEnd(12)} `), plain(value)]),
  ]
}

function onOff(
  settings: ConversationSettings,
  setting: 'readReceipts' | 'typing' | 'muted',
): string {
  return settings[setting] ? 'on' : 'off'
}
