import { expect } from 'chai'
import fc from 'fast-check'
import { Allotment, type Entry } from '../../../../src/chat/directory/keeping/allotment.ts'
import { rejection } from '../../support/rejection.ts'

const LIMITS = { ofPeer: 3, ofKey: 2, total: 6, staleMs: 100 }

function entry(key: string, peer: string, broughtAt = 0): Entry {
  return { id: `${key} ${peer}`, key, peer, broughtAt, until: broughtAt + 1000 }
}

describe('an allotment', () => {
  const ids = (entries: readonly Entry[]) => entries.map(({ id }) => id)

  /** One of `LIMITS` with these in it, `key peer` each. */
  function filled(...texts: string[]): Allotment {
    const allotment = new Allotment(LIMITS)
    texts.forEach((text, index) => {
      const [key = '', peer = ''] = text.split(' ')
      allotment.take(entry(key, peer, index))
    })
    return allotment
  }

  it('lets the oldest of a peer go for its newest', () => {
    const allotment = filled('a mallory', 'b mallory', 'c mallory', 'd alice')
    allotment.take(entry('a', 'mallory', 50))
    expect(ids(allotment.take(entry('e', 'mallory', 60)))).to.deep.equal(['b mallory'])
    expect(allotment.size).to.equal(4)
  })

  it('refuses one more of a key as long as those that are there come again', async () => {
    const allotment = filled('a alice', 'a bob')
    allotment.take(entry('a', 'alice', 90))
    const carol = (at: number) => allotment.take(entry('a', 'carol', at))
    expect(await rejection(() => carol(100))).to.equal('DirectoryFullError')
    expect(ids(carol(101))).to.deep.equal(['a bob'])
    expect(ids(allotment.of('a'))).to.deep.equal(['a alice', 'a carol'])
  })

  it('lets whoever has the most make room when all is full', async () => {
    const allotment = filled('a m', 'b m', 'c m', 'd alice', 'e bob', 'f bob')
    expect(ids(allotment.take(entry('g', 'carol', 10)))).to.deep.equal(['a m'])
    const more = () => allotment.take(entry('h', 'alice', 11))
    expect(await rejection(more)).to.equal('DirectoryFullError')
    expect(ids(allotment.take(entry('i', 'dave', 12)))).to.deep.equal(['b m'])
    expect(allotment.size).to.equal(6)
  })

  it('sets no limit for what was here before, which gives way first', () => {
    const allotment = filled('a ', 'b ', 'c ', 'd ', 'e ', 'f ')
    expect(allotment.size).to.equal(6)
    expect(ids(allotment.take(entry('g', 'alice', 10)))).to.deep.equal(['a '])
    expect(ids(allotment.take({ ...entry('b', 'alice', 11), id: 'b ' }))).to.deep.equal([])
    expect(allotment.of('b')[0]?.peer).to.equal('alice')
  })

  it('gives back what has ended, once', () => {
    const allotment = filled('a alice', 'b alice')
    expect(ids(allotment.sweep(1000))).to.deep.equal(['a alice'])
    expect(allotment.sweep(1000)).to.have.lengthOf(0)
    expect(allotment.size).to.equal(1)
  })

  it('never holds more than its limits, nor forgets whose anything is', () => {
    const someone = fc.constantFrom('alice', 'bob', 'carol', 'mallory')
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    fc.assert(
      fc.property(fc.array(fc.tuple(key, someone, fc.nat(20))), (taken) => {
        const allotment = new Allotment(LIMITS)
        const here = new Map<string, Entry>()
        let now = 0
        for (const [name, peer, laterMs] of taken) {
          const next = entry(name, peer, (now += laterMs))
          try {
            for (const { id } of allotment.take(next)) expect(here.delete(id)).to.equal(true)
            here.set(next.id, next)
          } catch (err) {
            expect(err).to.have.property('name', 'DirectoryFullError')
          }
          expect(allotment.size).to.equal(here.size)
          expect(here.size).to.be.at.most(LIMITS.total)
          for (const one of ['alice', 'bob', 'carol', 'mallory']) {
            const own = [...here.values()].filter((held) => held.peer === one)
            expect(own.length).to.be.at.most(LIMITS.ofPeer)
          }
          for (const one of ['a', 'b', 'c', 'd', 'e']) {
            const of = [...here.values()].filter((held) => held.key === one)
            expect(ids(allotment.of(one))).to.have.members(ids(of))
            expect(of.length).to.be.at.most(LIMITS.ofKey)
          }
        }
      }),
    )
  })
})
