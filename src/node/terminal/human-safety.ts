/** What people compare, and what the program itself says in a conversation, as lines of styled text. */
import { groupSafetyNumber } from '../../crypto/safety-number.ts'
import { noteText } from './note-text.ts'
import { localTime, shortFingerprint } from './format.ts'
import { dim, plain } from './paint.ts'
import { qrRows } from './qr-code.ts'
import type { ChatMessage, Fingerprint, Person, SafetyNumber } from '../../chat/api.ts'
import type { Lines } from './human-lists.ts'
import type { Names } from './names.ts'
import type { Span } from './paint.ts'

/** Digits of three groups with their spaces, as they stand in one row. */
const ROW = /(?:\d{5} ?){1,3}/gu

/** The number in four rows of three groups, and the code where `columns` has room for it. */
export function safetyLines(
  person: Person,
  safety: SafetyNumber,
  names: Names,
  columns: number,
): Lines {
  const rows = groupSafetyNumber(safety.digits).match(ROW) ?? []
  const code = qrRows(safety.qr)
  const fits = (code[0]?.length ?? 0) < columns
  return [
    [plain(`Safety number of you and ${names.of(person.fingerprint)}:`)],
    ...rows.map((row): Span[] => [plain('    '), { text: row.trim(), style: 'bold' }]),
    ...(fits ? code.map((row): Span[] => [{ text: row, style: 'code' }]) : []),
    ...(fits ? [] : [[dim('The window is too narrow for the QR code.')]]),
    [
      person.verified
        ? { text: 'You have compared it. /verify no takes it back.', style: 'good' }
        : dim(
            'They see the same number when nobody sits between. Compare it in person or over a call, then: /verify. /safety NUMBER checks one that they sent you another way.',
          ),
    ],
  ]
}

export function comparedLine(name: string, result: 'match' | 'mismatch'): Span {
  return result === 'match'
    ? {
        text: `✓ It matches: nobody sits between you and ${name}. /verify records it.`,
        style: 'good',
      }
    : {
        text: `✗ It does not match. Do not trust this conversation until you know why.`,
        style: 'bad',
      }
}

export function verifiedText(fingerprint: Fingerprint, verified: boolean, names: Names): string {
  const name = names.of(fingerprint)
  return verified
    ? `✓ ${name} (${shortFingerprint(fingerprint)}) is verified; /verify no takes it back`
    : `${name} is not verified any more`
}

/** `12:03 * what happened`. */
export function noteLine(message: ChatMessage, names: Names, nowMs: number): Span[] {
  return [
    dim(`${localTime(message.timestamp, nowMs)} * `),
    { text: noteText(message, names), style: 'warning' },
  ]
}
