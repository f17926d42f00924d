import { expect } from 'chai'
import fc from 'fast-check'
import { cleanName, normaliseName } from '../../../src/chat/directory/names.ts'
import { rejection } from '../support/rejection.ts'

/** A name in some script, or anything at all. */
const anything = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })

function accepted(name: string): boolean {
  try {
    cleanName(name)
    return true
  } catch {
    return false
  }
}

describe('names', () => {
  it('are of any script, with digits, marks, spaces and . _ -', () => {
    const names = [
      'Alice',
      'Åsa',
      'Żółć',
      '山田 太郎',
      'Иван-4',
      'علي',
      'नमस्ते',
      '김철수',
      'a.b_c-d',
      'Ὀδυσσεύς',
      '🦊 fox',
    ]
    for (const name of names) expect(cleanName(name)).to.equal(name.normalize('NFC'))
  })

  it('are shown trimmed, composed and with single spaces', () => {
    expect(cleanName('  A\u030asa \t Berg\n')).to.equal('Åsa Berg')
    expect(cleanName('a\u00a0\u3000b')).to.equal('a b')
  })

  it('have 1 to 32 characters, each code point counted once', async () => {
    expect(cleanName('🦊'.repeat(32))).to.equal('🦊'.repeat(32))
    expect(cleanName('e\u0301'.repeat(32))).to.equal('é'.repeat(32))
    for (const name of ['', '   ', 'x'.repeat(33), '🦊'.repeat(33)]) {
      expect(await rejection(() => cleanName(name))).to.equal('InvalidNameError')
    }
  })

  const refused: [string, string][] = [
    ['a control character', 'a\u0007b'],
    ['an escape sequence', '\u001b[31mred'],
    ['a null byte', 'a\u0000'],
    ['a bidirectional override', 'abc\u202egnp'],
    ['a bidirectional isolate', 'a\u2066b'],
    ['a right-to-left mark', 'a\u200fb'],
    ['a zero-width space', 'a\u200bb'],
    ['a zero-width joiner', 'a\u200db'],
    ['a soft hyphen', 'a\u00adb'],
    ['a letter that shows nothing', '\u3164'],
    ['a mark that shows nothing', 'a\ufe0f'],
    ['a grapheme joiner', 'a\u034fb'],
    ['a tag character', 'a\u{e0041}'],
    ['a lone surrogate', 'a\ud800'],
    ['a private-use character', 'a\ue000'],
    ['a slash', 'a/b'],
    ['markup', '<b>'],
    ['a quotation mark', 'a"b'],
    ['an at sign', 'a@b'],
    ['a character that becomes a bracket when folded', 'a⑴'],
    ['a letter that becomes too long when folded', 'ﷺ'.repeat(3)],
  ]
  for (const [what, name] of refused) {
    it(`are refused with ${what}`, async () => {
      expect(await rejection(() => cleanName(name))).to.equal('InvalidNameError')
      expect(await rejection(() => normaliseName(name))).to.equal('InvalidNameError')
    })
  }

  it('are one where a reader cannot tell them apart by case, width or composition', () => {
    const same = [
      ['Alice', 'ALICE', ' alice ', 'Ａｌｉｃｅ'],
      ['Åsa', 'a\u030aSA', '\u212bsa'],
      ['ﬁn', 'FIN'],
      ['Ivan 4', 'ivan  ４'],
    ]
    for (const names of same)
      expect(new Set(names.map(normaliseName)), names[0]).to.have.property('size', 1)
    expect(normaliseName('Alice')).to.not.equal(normaliseName('Alise'))
  })

  it('are cleaned and normalised for good at the first time, and are names still', () => {
    fc.assert(
      fc.property(anything, (name) => {
        fc.pre(accepted(name))
        const cleaned = cleanName(name)
        expect(cleanName(cleaned)).to.equal(cleaned)
        const normal = normaliseName(name)
        expect(normaliseName(normal)).to.equal(normal)
        expect(normaliseName(cleaned)).to.equal(normal)
      }),
      { numRuns: 500 },
    )
  })

  it('keep that promise for every single character there is', () => {
    for (let point = 0; point < 0x30000; point++) {
      const name = `a${String.fromCodePoint(point)}`
      if (!accepted(name)) continue
      const normal = normaliseName(name)
      if (normaliseName(normal) !== normal) expect.fail(`U+${point.toString(16)} does not`)
    }
  })
})
