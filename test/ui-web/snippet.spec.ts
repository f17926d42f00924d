import { expect } from 'chai'
import { snippet } from '../../src/ui-web/core/snippet.ts'

describe('snippet', () => {
  const shown = (text: string, matches: [number, number][]): string =>
    snippet(text, matches)
      .map(({ text: part, matched }) => (matched ? `[${part}]` : part))
      .join('')

  it('marks what matched', () => {
    expect(
      shown('the ferry at nine', [
        [4, 9],
        [13, 17],
      ]),
    ).to.equal('the [ferry] at [nine]')
  })

  it('begins a little before the first match and ends where there is no more room', () => {
    const text = `${'a'.repeat(100)}needle${'b'.repeat(300)}`
    const out = shown(text, [[100, 106]])
    expect(out).to.match(/^… a{24}\[needle\]b+ …$/u)
    expect(out.length).to.be.below(160)
  })

  it('cuts no character in two', () => {
    // 24 before the match is the second half of a thumb, and so is the end
    const text = `${'👍'.repeat(50)}x${'👍'.repeat(50)}y${'👍'.repeat(50)}`
    const parts = snippet(text, [[111, 113]])
    expect(parts.map((part) => part.text.isWellFormed())).to.not.include(false)
    expect(parts[1]?.text.startsWith('👍')).to.be.true
  })

  it('is one line', () => {
    expect(shown('one\n\ntwo\tthree', [[5, 8]])).to.equal('one [two] three')
  })
})
