import type { ChatMessage, ChatNote, MessageState, Person } from '../../chat/api.ts'
import {
  ALICE,
  ARABIC,
  BORIS,
  CHANGED,
  fakeFingerprint,
  FAILING,
  IMPOSTOR,
  LONG,
  MEI,
  OFFLINE,
  SELF,
} from './cast.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const LONG_WORD = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'.repeat(3)

type Line = readonly [minutesAgo: number, text: string, state: MessageState, reason?: string]

const LINES: readonly (readonly [Person, readonly Line[]])[] = [
  [
    MEI,
    [
      [2 * 1440 + 30, '你好!新窗口打开了吗?', 'received'],
      [2 * 1440 + 28, '打开了,一切正常。', 'delivered'],
      [190, 'Did you compare the fingerprints yet?', 'received'],
      [189, 'On the phone, all sixteen groups. 👍', 'delivered'],
      [188, '🎉', 'received'],
      [4, 'See https://example.org/a?b=<script>alert(1)</script>&c=1 for the plan', 'received'],
      [3, '<b>not bold</b> &amp; <img src=x onerror=alert(1)>', 'delivered'],
      [2, 'Two lines\n\nand a third, with   blanks', 'delivered'],
      [1, 'See you at six.', 'sent'],
    ],
  ],
  [
    BORIS,
    [
      [61, 'Are you there?', 'received'],
      [60, 'Through a relay, it seems.', 'delivered'],
      [12, LONG_WORD, 'received'],
      [11, 'Bring the charger, please', 'received'],
    ],
  ],
  [
    OFFLINE,
    [
      [1500, 'God kveld!', 'received'],
      [30, 'I have left the keys with the neighbour.', 'queued', 'peer-offline'],
      [29, 'Second floor.', 'queued', 'peer-offline'],
    ],
  ],
  [
    FAILING,
    [
      [300, '¿Mañana?', 'received'],
      [299, 'A las ocho.', 'failed', 'handshake-failed'],
      [280, 'Old news', 'failed', 'expired'],
    ],
  ],
  [CHANGED, [[5000, 'Same place as last year?', 'received']]],
  [
    ARABIC,
    [
      [90, 'مرحبا! هل وصلت الرسالة 123؟', 'received'],
      [89, 'نعم، وصلت. thanks!', 'delivered'],
    ],
  ],
  [LONG, [[20000, 'x'.repeat(400), 'received']]],
]

/** What the program has noted, each in the conversation with the person. */
const NOTES: readonly (readonly [Person, minutesAgo: number, ChatNote])[] = [
  [BORIS, 59, { code: 'state-rolled-back', side: 'theirs' }],
  [BORIS, 11.5, { code: 'name-reused', fingerprint: fakeFingerprint('another Boris') }],
  [CHANGED, 70, { code: 'identity-changed', fingerprint: IMPOSTOR.fingerprint }],
]

export function scriptedMessages(now: number): ChatMessage[] {
  const noted = NOTES.map(([person, minutesAgo, note], index) => ({
    ...fakeMessage(person, '', 'received', now - minutesAgo * MINUTE_MS, 100 + index),
    note,
  }))
  return [...spokenMessages(now), ...noted].sort((a, b) => a.timestamp - b.timestamp)
}

function spokenMessages(now: number): ChatMessage[] {
  return LINES.flatMap(([person, lines]) =>
    lines.map(([minutesAgo, text, state, reason], index) =>
      fakeMessage(person, text, state, now - minutesAgo * MINUTE_MS, index, reason),
    ),
  )
}

/** A conversation of 1,000 messages over ten days. */
export function crowdedMessages(now: number): ChatMessage[] {
  return Array.from({ length: 1000 }, (_, index) =>
    fakeMessage(
      ALICE,
      `Message ${String(index + 1)} ${'and some more words '.repeat(index % 7)}`.trim(),
      index % 3 === 0 ? 'received' : 'delivered',
      now - (1000 - index) * (DAY_MS / 100),
      index,
    ),
  )
}

export function fakeMessage(
  person: Person,
  text: string,
  state: MessageState,
  timestamp: number,
  index: number,
  reason?: string,
): ChatMessage {
  const outgoing = state !== 'received'
  return {
    id: fakeFingerprint(`${person.fingerprint}:${String(timestamp)}:${String(index)}`).slice(0, 32),
    conversation: person.fingerprint,
    author: outgoing ? SELF.fingerprint : person.fingerprint,
    outgoing,
    text,
    timestamp,
    state,
    ...(reason === undefined ? {} : { reason }),
  }
}
