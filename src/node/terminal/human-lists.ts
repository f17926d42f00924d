/** The lists and pages of the client for people: pure functions from data to lines of styled text. */
import {
  groupedFingerprint,
  linkText,
  localTime,
  presenceState,
  shortFingerprint,
  trust,
} from './format.ts'
import { dim, personStyle, plain } from './paint.ts'
import { cleanLine } from './sanitise.ts'
import { fit } from './width.ts'
import type { Conversation, Person, Room, SelfInfo } from '../../chat/api.ts'
import type { Names } from './names.ts'
import type { Span } from './paint.ts'
import type { HelpEntry, StatusReport } from './view.ts'

export type Lines = readonly (readonly Span[])[]

const NAME_COLUMNS = 20
const TRUST_STYLES = { verified: 'good', known: 'plain', new: 'warning' } as const

export function personLine(person: Person, names: Names): Span[] {
  const level = trust(person)
  return [
    presenceMark(person),
    {
      text: fit(names.of(person.fingerprint, person.name), NAME_COLUMNS),
      style: personStyle(person.fingerprint),
    },
    dim(` ${shortFingerprint(person.fingerprint)}  `),
    plain(`${fit(presenceState(person), 8)} `),
    { text: level, style: TRUST_STYLES[level] },
    ...aboutPerson(person),
    ...resemblance(person, names),
  ]
}

function presenceMark(person: Person): Span {
  switch (presenceState(person)) {
    case 'online':
      return { text: '● ', style: 'good' }
    case 'away':
      return { text: '◐ ', style: 'warning' }
    case 'offline':
      return dim('○ ')
  }
}

/** When they were there last, and what they have to say. */
function aboutPerson({ lastSeen, status }: Person): Span[] {
  return [
    ...(lastSeen === undefined ? [] : [dim(`  last seen ${localTime(lastSeen, Date.now())}`)]),
    ...(status === undefined ? [] : [dim(`  “${cleanLine(status)}”`)]),
  ]
}

/** Whom the user may take a stranger for, by the name alone. */
export function resemblance({ resembles, mixedScripts }: Person, names: Names): Span[] {
  const texts = [
    resembles && `  looks like ${names.of(resembles)}, whom you know, and is somebody else`,
    mixedScripts && '  mixes letters of several alphabets in one word',
  ]
  return texts.flatMap((text) => (text ? [{ text, style: 'warning' }] : []))
}

export function peopleLines(
  people: readonly Person[],
  room: Room | undefined,
  names: Names,
): Lines {
  const inRoom =
    room === undefined ? [] : [[dim(`in #${room.name}: `), plain(memberNames(room, names))]]
  if (people.length === 0) {
    return [[dim('nobody yet; /open NAME looks for somebody in the network')], ...inRoom]
  }
  const sorted = [...people].sort((a, b) => Number(b.online) - Number(a.online))
  return [...sorted.map((person) => personLine(person, names)), ...inRoom]
}

function memberNames({ members }: Room, names: Names): string {
  if (members.length === 0) return 'nobody heard of yet'
  return members.map(({ fingerprint, name }) => names.of(fingerprint, name)).join(', ')
}

export function choiceLines(query: string, people: readonly Person[], names: Names): Lines {
  return [
    [
      plain(
        `${String(people.length)} people answer to “${cleanLine(query)}”. Names are not owned: look at the fingerprint.`,
      ),
    ],
    ...people.map((person, index) => [
      { text: `${String(index + 1).padStart(2)}  `, style: 'bold' as const },
      ...personLine(person, names),
    ]),
    [dim('Type the number of the one you mean; anything else lets it be.')],
  ]
}

export function conversationLines(conversations: readonly Conversation[], names: Names): Lines {
  if (conversations.length === 0) return [[dim('no conversations yet; /open NAME starts one')]]
  return conversations.map((conversation) => {
    const { id, link, unread, missing } = conversation
    return [
      { text: fit(names.of(id), NAME_COLUMNS), style: personStyle(id) },
      dim(` ${shortFingerprint(id)}  `),
      plain(linkText(link)),
      ...(unread > 0 ? [{ text: `  ● ${String(unread)} unread`, style: 'warning' as const }] : []),
      ...(missing === undefined ? [] : [plain(`  ${String(missing)} missing`)]),
      ...standingSpans(conversation),
    ]
  })
}

/** What is particular about a conversation. */
function standingSpans({ alarm, replacedBy, blocked, settings, draft }: Conversation): Span[] {
  return [
    ...(alarm === undefined ? [] : [alarmSpan(alarm)]),
    ...(replacedBy === undefined ? [] : [dim('  replaced')]),
    ...(blocked === true ? [dim('  blocked')] : []),
    ...(settings.muted ? [dim('  muted')] : []),
    ...(draft === undefined ? [] : [dim('  draft')]),
  ]
}

/** What to know of a conversation that was just opened; undefined for somebody verified. */
export function standingText({ replacedBy, alarm, person }: Conversation): string | undefined {
  if (replacedBy !== undefined) return `replaced, to be read only: /open ${replacedBy}`
  if (alarm?.decision === 'keep') {
    const stranger = shortFingerprint(alarm.fingerprint)
    return `somebody else (${stranger}) answers there; waiting for the one you know: /alarm`
  }
  if (person.verified) return undefined
  return 'not verified: /safety shows what to compare, /verify records that you did'
}

function alarmSpan({ decision }: NonNullable<Conversation['alarm']>): Span {
  return decision === 'keep'
    ? { text: '  somebody else answers there', style: 'warning' }
    : { text: '  IDENTITY CHANGED', style: 'alarm' }
}

export function roomLines(rooms: readonly Room[]): Lines {
  return rooms.map(({ name, joined, members, unread }) => [
    { text: fit(`#${name}`, NAME_COLUMNS), style: joined ? 'bold' : 'dim' },
    plain(` ${fit(joined ? 'joined' : 'not joined', 12)}${String(members.length)} here`),
    ...(unread > 0 ? [{ text: `  ● ${String(unread)} unread`, style: 'warning' as const }] : []),
  ])
}

export function selfLines(self: SelfInfo): Lines {
  return [
    [
      dim('name         '),
      self.name === undefined ? plain('none yet; /register NAME') : plain(self.name),
    ],
    ...(self.status === undefined ? [] : [[dim('status       '), plain(cleanLine(self.status))]]),
    ...fingerprintLines('fingerprint  ', self.fingerprint),
    [dim('peer id      '), plain(self.peerId)],
    ...self.multiaddrs.map((address, index) => [
      dim(index === 0 ? 'reachable at ' : '             '),
      plain(address),
    ]),
  ]
}

function fingerprintLines(heading: string, fingerprint: string): Lines {
  return groupedFingerprint(fingerprint).map((line, index) => [
    dim(index === 0 ? heading : ' '.repeat(heading.length)),
    { text: line, style: 'bold' as const },
  ])
}

export function comparisonLines(self: SelfInfo, person: Person, names: Names): Lines {
  const name = names.of(person.fingerprint)
  const isDone = person.verified
  return [
    [plain(`${name}:`)],
    ...fingerprintLines('    ', person.fingerprint),
    [plain('you:')],
    ...fingerprintLines('    ', self.fingerprint),
    [
      isDone
        ? { text: 'You have compared them. /verify no takes it back.', style: 'good' }
        : dim(
            'Read them to each other in person or over a call; when both are the same at both ends: /verify',
          ),
    ],
  ]
}

export function statusLines(report: StatusReport): Lines {
  const secure = report.conversations.filter(({ link }) => link.state === 'secure').length
  const refused = Object.entries(report.refusals)
  return [
    [dim('connections  '), plain(String(report.self.connections))],
    [
      dim('sessions     '),
      plain(
        `${String(secure)} secure, of ${String(report.conversations.length)} people you talk to`,
      ),
    ],
    ...(refused.length === 0
      ? [[dim('refused      '), plain('nothing')]]
      : refused.map(([error, count], index) => [
          dim(index === 0 ? 'refused      ' : '             '),
          { text: `${error} ×${String(count)}`, style: 'warning' as const },
        ])),
    ...(report.logFile === undefined ? [] : [[dim('log          '), plain(report.logFile)]]),
  ]
}

/** Columns before what each command does. */
export function helpColumn(entries: readonly HelpEntry[]): number {
  return Math.max(...entries.map(({ usage }) => usage.length)) + 2
}

export function helpLines(entries: readonly HelpEntry[]): Lines {
  const column = helpColumn(entries)
  const lines: Span[][] = entries.map(({ usage, summary }) => [
    { text: fit(usage, column), style: 'bold' as const },
    plain(summary),
  ])
  const [only] = entries
  if (entries.length === 1 && only?.details !== undefined)
    lines.push([plain(' '.repeat(column) + only.details)])
  if (entries.length > 1) {
    lines.push([
      dim(
        'Anything else is sent to whom the prompt names; //text sends a text that begins with a slash.',
      ),
    ])
  }
  return lines
}

/** What nobody must overlook, and what to do about it. `width` is that of the bars above and below, columns. */
export function alarmLines({ id, alarm }: Conversation, names: Names, width: number): Lines {
  if (alarm === undefined) return []
  const name = names.of(id)
  const bar = '!'.repeat(width)
  return [
    bar,
    `IDENTITY CHANGED: SOMEBODY ELSE ANSWERS WHERE ${name.toUpperCase()} WAS`,
    `expected: ${shortFingerprint(id)}   now answers: ${shortFingerprint(alarm.fingerprint)}`,
    `Nothing is sent to them. Ask ${name} another way, a call or in person, whether they have new keys.`,
    `Wait on for the one you know: /alarm keep`,
    `Only if they have new keys and read you the same digits: /alarm accept ${shortFingerprint(alarm.fingerprint)}`,
    bar,
  ].map((text) => [{ text, style: 'alarm' as const }])
}
