import { expect } from 'chai'
import { Ledger } from '../../../scripts/testnet-docker/ledger.ts'
import { RoomLedger } from '../../../scripts/testnet-docker/room-ledger.ts'

const texts = (said: readonly { readonly text: string }[]): string[] => said.map(({ text }) => text)

describe('the book of what was said in a testnet', () => {
  it('follows a text from its author to the history of its reader', () => {
    const ledger = new Ledger()
    ledger.say('a', 'b', 'one')
    expect(ledger.waiting()).to.equal(0)
    ledger.accepted('one', '1')
    expect(ledger.waiting()).to.equal(1)
    ledger.acknowledged('1')
    expect(ledger.waiting()).to.equal(0)
    ledger.stored('b', 'one')
    expect(ledger.account()).to.deep.equal({
      ...{ said: 1, accepted: 1, acknowledged: 1, stored: 1 },
      ...{ lost: [], doubled: [] },
    })
  })

  it('calls lost what a program took on and no history holds, acknowledged or not', () => {
    const ledger = new Ledger()
    for (const text of ['typed', 'taken', 'acknowledged', 'shown']) ledger.say('a', 'b', text)
    for (const text of ['taken', 'acknowledged', 'shown']) ledger.accepted(text, text)
    ledger.acknowledged('acknowledged')
    ledger.shown('b', 'shown', 'shown', 1)
    expect(texts(ledger.account().lost)).to.deep.equal(['taken', 'acknowledged', 'shown'])
  })

  it('calls doubled what stands twice in a history or was shown twice in one life', () => {
    const ledger = new Ledger()
    for (const text of ['twice stored', 'twice shown', 'shown again after a restart']) {
      ledger.say('a', 'b', text)
      ledger.shown('b', text, '1', 1)
    }
    ledger.stored('b', 'twice stored')
    ledger.stored('b', 'twice stored')
    ledger.shown('b', 'twice shown', '2', 1)
    ledger.shown('b', 'shown again after a restart', '1', 2)
    expect(texts(ledger.account().doubled)).to.deep.equal(['twice stored', 'twice shown'])
  })

  it('does not count what turns up with somebody else, or was never said', () => {
    const ledger = new Ledger()
    ledger.say('a', 'b', 'one')
    ledger.accepted('one', '1')
    ledger.stored('c', 'one')
    ledger.stored('b', 'two')
    expect(ledger.account()).to.include({ stored: 0 })
  })

  it('does not wait for an acknowledgement that died with its reader', () => {
    const ledger = new Ledger()
    ledger.say('a', 'b', 'one')
    ledger.accepted('one', '1')
    ledger.shown('b', 'one', '1', 1)
    expect(ledger.waiting()).to.equal(0)
  })
})

describe('the book of a room', () => {
  it('wants everybody to hear everything once', () => {
    const room = new RoomLedger()
    room.say('hello')
    room.heard('a', 'hello')
    room.heard('a', 'hello')
    room.heard('a', 'of an earlier run')
    expect(room.account(['a', 'b'])).to.deep.equal({
      expected: 2,
      heard: 1,
      missed: ['b: hello'],
      doubled: ['a: hello'],
    })
  })
})
