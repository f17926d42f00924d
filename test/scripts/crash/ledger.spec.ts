import { expect } from 'chai'
import { Ledger } from '../../../scripts/crash/ledger.ts'
import type { ListedMessage } from '../../../scripts/crash/messages.ts'

const out = (id: string, state = 'delivered'): ListedMessage => ({ id, outgoing: true, state })
const into = (id: string): ListedMessage => ({ id, outgoing: false, state: 'received' })

describe('the ledger of the crash test', () => {
  let ledger: Ledger
  beforeEach(() => {
    ledger = new Ledger()
    for (const id of ['1', '2']) ledger.note('alice', { told: 'accepted', id })
    ledger.note('alice', { told: 'acknowledged', id: '1' })
    ledger.note('bob', { told: 'shown', id: '1' })
    ledger.note('bob', { told: 'shown', id: '2' })
  })

  it('finds nothing wrong where nothing is', () => {
    const final = { alice: [out('1'), out('2')], bob: [into('1'), into('2')] }
    expect(ledger.counts(final)).to.deep.equal({
      sent: 2,
      acknowledged: 1,
      shown: 2,
      lost: 0,
      doubled: 0,
      disordered: 0,
    })
  })

  it('counts what was taken from a user and is nowhere', () => {
    const final = { alice: [out('1')], bob: [into('1')] }
    expect(ledger.counts(final).lost).to.equal(1)
    const untold = { alice: [out('1'), out('2'), out('3', 'queued')], bob: [into('1'), into('2')] }
    expect(ledger.counts(untold).lost).to.equal(1)
  })

  it('counts what is shown again, in the same life, in a later one, and in the end', () => {
    const final = { alice: [out('1'), out('2')], bob: [into('1'), into('2')] }
    ledger.note('bob', { told: 'shown', id: '1' })
    expect(ledger.counts(final).doubled).to.equal(1)
    ledger.note('bob', { told: 'up', address: '', kept: [into('1'), into('4')] })
    ledger.note('bob', { told: 'shown', id: '4' })
    expect(ledger.counts(final).doubled).to.equal(2)
    expect(ledger.counts({ ...final, bob: [...final.bob, into('2')] }).doubled).to.equal(3)
  })

  it('counts what stands before what its author wrote earlier', () => {
    const final = { alice: [out('1'), out('2')], bob: [into('2'), into('1')] }
    expect(ledger.counts(final).disordered).to.equal(1)
  })
})
