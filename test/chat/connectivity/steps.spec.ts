import { expect } from 'chai'
import { multiaddr } from '@multiformats/multiaddr'
import { Steps } from '../../../src/chat/connectivity/steps.ts'
import { failureOf, wayOf } from '../../../src/chat/connectivity/way-report.ts'
import { NoWayError } from '../../../src/chat/connectivity/race.ts'
import { OtherPersonError } from '../../../src/chat/connectivity/errors.ts'

describe('the steps of a search', () => {
  let changes: number
  let steps: Steps

  beforeEach(() => {
    changes = 0
    steps = new Steps(() => changes++)
  })

  it('are under way until the last attempt on that way has ended', () => {
    steps.report('lan', 'trying')
    steps.report('lan', 'trying')
    steps.report('lan', 'failed', 'no-answer')
    expect(steps.list).to.deep.equal([{ way: 'lan', state: 'trying' }])
    steps.report('lan', 'failed', 'no-answer')
    expect(steps.list).to.deep.equal([{ way: 'lan', state: 'failed', reason: 'no-answer' }])
    expect(changes).to.equal(2)
  })

  it('say of several that failed what says most, and of one that worked nothing else', () => {
    for (const way of ['lan', 'relays'] as const) {
      steps.report(way, 'trying')
      steps.report(way, 'trying')
    }
    steps.report('lan', 'failed', 'other-answered')
    steps.report('lan', 'failed', 'no-answer')
    steps.report('relays', 'done')
    steps.report('relays', 'failed', 'no-answer')
    expect(steps.list).to.deep.equal([
      { way: 'lan', state: 'failed', reason: 'other-answered' },
      { way: 'relays', state: 'done' },
    ])
  })

  it('begin anew with each attempt, but for what lies in mailboxes', () => {
    steps.report('lan', 'trying')
    steps.report('mailbox', 'done')
    steps.begin()
    expect(steps.list).to.deep.equal([{ way: 'mailbox', state: 'done' }])
    steps.report('mailbox', 'trying')
    steps.report('mailbox', 'failed', 'no-mailbox')
    expect(steps.list).to.deep.equal([{ way: 'mailbox', state: 'failed', reason: 'no-mailbox' }])
  })

  it('belong to the way that a user knows an address by', () => {
    const relay = '/ip4/203.0.113.9/tcp/1/p2p/12D3KooWAFRWBDt83LsXtpiVNoEYKjH5n6c5KAvQ6UwrSNJL7a1e'
    expect(wayOf(multiaddr('/ip4/192.168.1.2/tcp/1'))).to.equal('lan')
    expect(wayOf(multiaddr('/ip4/127.0.0.1/tcp/1'))).to.equal('lan')
    expect(wayOf(multiaddr('/ip4/104.16.0.1/tcp/1'))).to.equal('addresses')
    expect(wayOf(multiaddr(`${relay}/p2p-circuit`))).to.equal('relays')
  })

  it('give the reason that tells of somebody before that nobody answered', () => {
    expect(failureOf(new Error('timed out'))).to.equal('no-answer')
    const both = new NoWayError([new Error('timed out'), new OtherPersonError('not they')])
    expect(failureOf(both)).to.equal('other-answered')
  })
})
