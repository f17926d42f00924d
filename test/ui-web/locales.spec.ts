import { expect } from 'chai'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { detectLanguage, regionalTag } from '../../src/ui-web/locales/languages.ts'

const PAGE = fileURLToPath(new URL('../../src/ui-web/', import.meta.url))

/** Every text by its dotted key. */
function textsOf(language: string): Map<string, string> {
  const texts = new Map<string, string>()
  const collect = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'string') texts.set(path.join('.'), value)
    else for (const [key, inner] of Object.entries(value as object)) collect(inner, [...path, key])
  }
  collect(JSON.parse(readFileSync(`${PAGE}locales/${language}.json`, 'utf8')), [])
  return texts
}

const placeholders = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{(\w+)\}/gu)].map((match) => match[1] ?? '')),
]

describe('locales', () => {
  const en = textsOf('en')
  const zh = textsOf('zh')
  const sources = globSync(`${PAGE}**/*.{vue,ts}`).map((file) => readFileSync(file, 'utf8'))

  it('has the same texts in both languages, in the same order', () => {
    expect([...zh.keys()]).to.deep.equal([...en.keys()])
  })

  it('never puts into one language what is not in the other', () => {
    for (const [key, text] of en) {
      // English plurals may spell out "one"; what Chinese fills in, English can fill in.
      expect(placeholders(text), key).to.have.members(placeholders(zh.get(key) ?? ''))
    }
  })

  it('has a text for every key that the page names', () => {
    const named = sources.flatMap((source) => [...source.matchAll(/\bt\('([\w.-]+)'/gu)])
    expect(named).to.have.length.above(50)
    for (const [, key] of named) expect(en.has(key ?? ''), key).to.equal(true)
  })

  it('has no text that nothing names', () => {
    const all = sources.join('\n')
    // `t(`link.${key}.title`)` names every link.*.title.
    const families = [...all.matchAll(/`([\w.]+\.)\$\{[^}]+\}([\w.]*)`/gu)]
    for (const key of en.keys()) {
      const named = all.includes(`'${key}'`)
      const inFamily = families.some(
        ([, start, end]) => key.startsWith(start ?? '') && key.endsWith(end ?? ''),
      )
      expect(named || inFamily, key).to.equal(true)
    }
  })

  it('uses no half-width comma or colon between Chinese words', () => {
    for (const [key, text] of zh) expect(text, key).not.to.match(/\p{Script=Han}[,:?!;]/u)
  })

  it('takes the first of the browser’s languages that it speaks', () => {
    expect(detectLanguage(['de-CH', 'zh-Hans-CN', 'en'])).to.equal('zh')
    expect(detectLanguage(['EN-us', 'zh'])).to.equal('en')
    expect(detectLanguage(['fr'])).to.equal('en')
    expect(detectLanguage([])).to.equal('en')
  })

  it('writes times as the user’s region does, in the language of the page', () => {
    expect(regionalTag('en', ['de-CH', 'en-GB', 'en-US'])).to.equal('en-GB')
    expect(regionalTag('zh', ['en-GB'])).to.equal('zh')
    expect(regionalTag('en', ['en-US@posix', 'eng'])).to.equal('en')
  })

  it('does not take a property every object has for a language', () => {
    expect(detectLanguage(['constructor', 'toString'])).to.equal('en')
  })
})
