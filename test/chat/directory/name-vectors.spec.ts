import { expect } from 'chai'
import {
  looksLike,
  mixesScripts,
  skeletons,
} from '../../../src/chat/directory/look-alikes/index.ts'
import { CONFUSABLES } from '../../../src/chat/directory/look-alikes/table.ts'
import { nameCid } from '../../../src/chat/directory/name-cid.ts'
import { cleanName, normaliseName } from '../../../src/chat/directory/names.ts'
import { toHex } from '../../../src/crypto/bytes.ts'
import vectors from '../../vectors/names.json' with { type: 'json' }
import { rejection } from '../support/rejection.ts'

describe('vectors of names', () => {
  for (const { input, clean, normal, key } of vectors.names) {
    it(`“${clean}” is looked up as “${normal}”`, async () => {
      expect(cleanName(input)).to.equal(clean)
      expect(normaliseName(input)).to.equal(normal)
      expect(toHex((await nameCid(input)).multihash.bytes)).to.equal(key)
    })
  }

  for (const name of vectors.refused) {
    it(`${JSON.stringify(name)} is no name`, async () => {
      expect(await rejection(() => cleanName(name))).to.equal('InvalidNameError')
    })
  }

  for (const { a, b, alike } of vectors.alike) {
    it(`“${a}” ${alike ? 'looks' : 'does not look'} like “${b}”`, () => {
      expect(looksLike(skeletons(a), skeletons(b))).to.equal(alike)
      expect(looksLike(skeletons(b), skeletons(a))).to.equal(alike)
    })
  }

  for (const { name, mixed } of vectors.mixed) {
    it(`“${name}” ${mixed ? 'mixes' : 'does not mix'} alphabets in a word`, () => {
      expect(mixesScripts(name)).to.equal(mixed)
    })
  }

  it('has a table that leads nowhere twice: what a thing looks like is looked up no further', () => {
    const targets = new Set(CONFUSABLES.map((line) => line.split('=')[0]))
    const sources = CONFUSABLES.flatMap((line) => {
      let last = 0
      return (line.split('=')[1] ?? '')
        .split(',')
        .map((delta) => (last += parseInt(delta, 36)).toString(36))
    })
    expect(new Set(sources).size).to.equal(sources.length)
    expect(sources.filter((source) => targets.has(source))).to.deep.equal([])
  })
})
