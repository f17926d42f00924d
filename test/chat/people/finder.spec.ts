import { expect } from 'chai'
import { LookupUnansweredError } from '../../../src/chat/errors.ts'
import { Finder, type FinderInit } from '../../../src/chat/people/finder.ts'
import { parseQuery } from '../../../src/chat/people/reach.ts'
import { rejection } from '../support/rejection.ts'
import type { LookupProgress, Person } from '../../../src/chat/api.ts'

const FINGERPRINT = 'a'.repeat(64)

describe('whoever looks people up, in a network that does not answer', () => {
  let heard: LookupProgress[]
  let finder: Finder

  beforeEach(() => {
    heard = []
    const silent = () => Promise.reject(new LookupUnansweredError('no answer'))
    finder = new Finder({
      self: 'b'.repeat(64),
      people: { get: () => undefined, saw: (person: Person) => person },
      directory: { findByName: silent, findByFingerprint: silent, findByPeer: silent },
      isAlone: () => false,
      onProgress: (progress: LookupProgress) => heard.push(progress),
    } as unknown as FinderInit)
  })

  const step = { way: 'directory', state: 'failed', reason: 'no-answer' }

  it('says so of a name, and not that there is nobody', async () => {
    const found = () => finder.find(parseQuery('Sam'), 'Sam', {})
    expect(await rejection(found)).to.equal('LookupUnansweredError')
    expect(heard.at(-1)).to.deep.include({ state: 'unanswered', steps: [step] })
  })

  it('finds somebody to write to by their fingerprint all the same', async () => {
    const people = await finder.find(parseQuery(FINGERPRINT), FINGERPRINT, {})
    expect(people.map(({ fingerprint }) => fingerprint)).to.deep.equal([FINGERPRINT])
    expect(heard.at(-1)).to.deep.include({ state: 'found', steps: [step] })
  })

  it('knows no more of somebody it knows, and does not fail', async () => {
    expect(await finder.refresh(FINGERPRINT, {})).to.equal(undefined)
  })
})
