import { expect } from 'chai'
import * as fc from 'fast-check'
import {
  groupedFingerprint,
  isoTime,
  localTime,
  stateText,
} from '../../../src/node/terminal/format.ts'
import { layout } from '../../../src/node/terminal/layout.ts'
import { messageRows } from '../../../src/node/terminal/message-block.ts'
import { Names } from '../../../src/node/terminal/names.ts'
import { colourAllowed, createPaint, plain } from '../../../src/node/terminal/paint.ts'
import { cleanLine, cleanText, nameSkeleton } from '../../../src/node/terminal/sanitise.ts'
import { editDistance, suggest } from '../../../src/node/terminal/suggest.ts'
import { displayWidth, lastRow, truncate } from '../../../src/node/terminal/width.ts'
import { FakeChat, fakePerson, NOON } from './fixtures/fake-chat.ts'

const paint = createPaint(false)

describe('terminal text', () => {
  describe('sanitise', () => {
    it('leaves nothing that a terminal obeys, whatever it is given', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => {
          expect(cleanText(text)).not.to.match(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]|\p{Cs}/u)
          expect(cleanLine(text)).not.to.match(/[\p{Cc}\u2028\u2029]/u)
        }),
      )
    })

    it('shows that somebody tried', () => {
      expect(cleanText('\x1b[31m\x07\x7f\x9b')).to.equal('␛[31m␇␡\ufffd')
      expect(cleanText('\u202egnp.exe')).to.equal('\ufffdgnp.exe')
    })

    it('keeps what people write', () => {
      for (const text of ['héllo 你好', 'می‌خواهم', '👨‍👩‍👧 ❤️ 🇨🇳', 'שלום', 'line\nline']) {
        expect(cleanText(text)).to.equal(text)
      }
    })

    it('drops what nobody sees and tames stacked marks', () => {
      expect(cleanLine('a\u200bl\u2060i\ufeffce\u00ad\u{e0041}')).to.equal('alice')
      expect(cleanText(`e${'\u0301'.repeat(50)}`)).to.have.length(7)
    })

    it('finds names that look alike', () => {
      expect(nameSkeleton('Ａlice\u200d')).to.equal(nameSkeleton('alice'))
    })
  })

  describe('width', () => {
    it('counts columns as terminals do', () => {
      const widths: Record<string, number> = {
        hello: 5,
        你好: 4,
        ｱ: 1,
        Ａ: 2,
        한글: 4,
        é: 1,
        'e\u0301': 1,
        '👍🏽': 2,
        '👨‍👩‍👧': 2,
        '🇨🇳': 2,
        '❤️': 2,
        '…': 1,
        '': 0,
      }
      for (const [text, width] of Object.entries(widths))
        expect(displayWidth(text), text).to.equal(width)
    })

    it('cuts without splitting what is wide', () => {
      expect(truncate('你好世界', 6)).to.equal('你好…')
      expect(truncate('hello', 5)).to.equal('hello')
    })

    it('knows the row a text ends on', () => {
      expect([
        lastRow('a'.repeat(9), 10),
        lastRow('a'.repeat(10), 10),
        lastRow('aaaaaaaaa你', 10),
      ]).to.deep.equal([0, 1, 1])
    })
  })

  describe('layout', () => {
    it('breaks at spaces, and between wide characters, and inside long words', () => {
      const rows = (text: string): string[] => layout([plain(text)], { columns: 11, paint })
      expect(rows('one two three four')).to.deep.equal(['one two', '  three', '  four'])
      expect(rows('你好世界你好')).to.deep.equal(['你好世界你', '  好'])
      expect(rows('abcdefghijklmno')).to.deep.equal(['abcdefghij', '  klmno'])
    })

    it('never makes a row wider than the screen', () => {
      fc.assert(
        fc.property(
          fc.string({ unit: 'grapheme' }),
          fc.integer({ min: 12, max: 50 }),
          (text, columns) => {
            for (const row of layout([plain(text)], { columns, paint })) {
              expect(displayWidth(row)).to.be.below(columns)
            }
          },
        ),
      )
    })

    it('ends every row with its colours closed', () => {
      const rows = layout([{ text: 'aaaa bbbb cccc', style: 'bad' }], {
        columns: 10,
        paint: createPaint(true),
      })
      for (const row of rows) expect(row).to.match(/\p{Cc}\[31m.*\p{Cc}\[0m$/u)
    })
  })

  describe('messages', () => {
    const chat = new FakeChat()
    const author = fakePerson('bob', 'b0b').fingerprint
    const message = {
      id: '1',
      conversation: author,
      author,
      outgoing: false,
      text: '',
      timestamp: NOON,
      state: 'received',
    } as const
    const look = { columns: 60, paint, nowMs: NOON }

    it('start every further row with a bar', () => {
      const rows = messageRows({ ...message, text: 'hi\n12:04 you: yes' }, 'bob', look)
      expect(rows).to.deep.equal(['12:03 bob: hi', '      │ 12:04 you: yes'])
    })

    it('are cut when they would push everything else away', () => {
      const rows = messageRows({ ...message, text: 'x\n'.repeat(5000) }, 'bob', look)
      expect(rows).to.have.length(201)
      expect(rows.at(-1)).to.match(/4801 more rows/u)
    })

    it('tell each state and its reason', () => {
      const own = { ...message, outgoing: true }
      expect(stateText({ ...own, state: 'queued', reason: 'peer-offline' })).to.equal(
        '… queued: they are offline, will be sent when they come',
      )
      expect(stateText({ ...own, state: 'queued', reason: 'identity-changed' })).to.match(
        /^… held back/u,
      )
      expect(stateText({ ...own, state: 'failed', reason: 'new-reason' })).to.equal(
        '✗ failed: new-reason (/retry)',
      )
    })

    it('give people of one name, and those who would pass for you, their fingerprints', () => {
      const first = chat.meet(fakePerson('carol', 'ca40ca40'))
      expect(new Names(chat).of(first.fingerprint)).to.equal('carol')
      const second = chat.meet(fakePerson('Ｃarol', 'ca41ca41'))
      const you = chat.meet(fakePerson('You', '70707070'))
      const namesake = chat.meet(fakePerson('ALICE', 'a12ea12e'))
      const names = new Names(chat)
      expect(names.of(first.fingerprint)).to.equal('carol·ca40ca40')
      expect(names.of(second.fingerprint)).to.equal('Ｃarol·ca41ca41')
      expect(names.of(you.fingerprint)).to.equal('You·70707070')
      expect(names.of(namesake.fingerprint)).to.equal('ALICE·a12ea12e')
    })
  })

  it('groups fingerprints for reading aloud', () => {
    expect(groupedFingerprint('0123456789abcdef'.repeat(4))).to.deep.equal(
      Array(4).fill('0123 4567 89ab cdef'),
    )
  })

  it('survives timestamps that no calendar has', () => {
    expect(localTime(Number.MAX_VALUE, NOON)).to.equal('--:--')
    expect(isoTime(Number.NaN)).to.equal('-')
    expect(localTime(NOON, NOON)).to.equal('12:03')
    expect(localTime(NOON, NOON + 86_400_000)).to.equal('2021-03-14 12:03')
  })

  it('suggests the nearest command', () => {
    expect([
      suggest('jion', ['join', 'leave']),
      suggest('op', ['open']),
      suggest('xyzzy', ['open']),
    ]).to.deep.equal(['join', 'open', undefined])
    expect(editDistance('kitten', 'sitting')).to.equal(3)
  })

  it('allows colours on a terminal without NO_COLOR only', () => {
    const tty = { isTTY: true }
    expect(colourAllowed({}, tty)).to.equal(true)
    expect(colourAllowed({ NO_COLOR: '1' }, tty)).to.equal(false)
    expect(colourAllowed({ TERM: 'dumb' }, tty)).to.equal(false)
    expect(colourAllowed({}, {})).to.equal(false)
  })
})
