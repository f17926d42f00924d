import { expect } from 'chai'
import { nextText, stepLines } from '../../../src/node/terminal/contact-text.ts'
import { FakeChat, fakePerson, NOON } from './fixtures/fake-chat.ts'
import { runAtPipe, Seat } from './fixtures/run.ts'
import type { ContactProgress } from '../../../src/chat/api.ts'

const TRYING: ContactProgress = {
  state: 'trying',
  steps: [
    { way: 'directory', state: 'trying' },
    { way: 'lan', state: 'failed', reason: 'no-answer' },
  ],
  waiting: 1,
}
const WAITING: ContactProgress = {
  state: 'waiting',
  steps: [
    { way: 'directory', state: 'failed', reason: 'not-listed' },
    { way: 'lan', state: 'failed', reason: 'no-answer' },
  ],
  waiting: 1,
  nextAt: NOON + 2000,
}

describe('the search for somebody, in words', () => {
  it('names each way and its end, the nearest first', () => {
    expect(stepLines(WAITING.steps)).to.deep.equal([
      'local network            nobody answered',
      'asking the network       it does not know them, or not any more',
    ])
  })

  it('says what is kept, where, and what happens next', () => {
    expect(nextText(WAITING, NOON)).to.equal(
      '1 message is kept here, to go out when they come; everything is tried again shortly',
    )
    const posted: ContactProgress = {
      state: 'waiting',
      steps: [{ way: 'mailbox', state: 'done' }],
      waiting: 2,
      nextAt: NOON + 5 * 60_000,
    }
    expect(nextText(posted, NOON)).to.equal(
      '2 messages are in mailboxes, for them to find whether you are here or not; everything is tried again in 5 minutes',
    )
    expect(nextText({ state: 'waiting', steps: [], waiting: 0 }, NOON)).to.equal(
      'tried again when you write, or when the network changes',
    )
  })
})

describe('the terminal, about finding people', () => {
  let chat: FakeChat
  let seat: Seat | undefined

  beforeEach(() => {
    chat = new FakeChat()
  })
  afterEach(async () => {
    await seat?.leave()
    seat = undefined
  })

  const shown = (): string => seat?.screen.text ?? ''

  it('shows our link as a code where there is room for it, and as text to copy', async () => {
    seat = new Seat(chat, { columns: 60 })
    await seat.type('/link\r')
    expect(shown()).to.contain('sotto:ae').and.contain('▀')
    await seat.leave()
    seat = new Seat(chat, { columns: 20 })
    await seat.type('/link\r')
    expect(shown()).to.contain('narrow').and.not.contain('▀')
  })

  it('tells the search in one place, and leaves it to the link to say that it succeeded', async () => {
    const bob = chat.meet(fakePerson('bob', 'b0b0'))
    seat = new Seat(chat, { columns: 80 })
    await seat.type(`/open ${bob.fingerprint.slice(0, 8)}\r`)
    chat.setConversation(bob, { link: { state: 'connecting' }, contact: TRYING })
    chat.setConversation(bob, { link: { state: 'offline' }, contact: WAITING })
    await seat.settle()
    expect(shown().match(/looking for bob/gu)).to.have.length(1)
    expect(shown()).to.contain('it does not know them').and.contain('1 message is kept here')
    // the next attempt is drawn where the last one stands
    chat.setConversation(bob, { link: { state: 'connecting' }, contact: TRYING })
    await seat.settle()
    expect(shown().match(/looking for bob/gu)).to.have.length(1)
    expect(shown()).to.contain('trying now').and.not.contain('it does not know them')
    await seat.type('/contact\r')
    expect(shown().match(/looking for bob/gu)).to.have.length(2)
  })

  it('opens a link that was pasted while nobody listened, and one that the command line named', async () => {
    const bob = fakePerson('bob', 'b0b0')
    chat.directory.set('sotto:bob', [bob])
    const pasted = await runAtPipe(chat, ['sotto:bob', 'hello'], { drainTimeoutMs: 1 })
    expect(pasted.lines.map(([kind]) => kind)).to.include.members(['opened', 'message'])
    const named = await runAtPipe(chat, ['hello'], { open: 'sotto:bob', drainTimeoutMs: 1 })
    expect(named.lines.map(([kind]) => kind)).to.include.members(['opened', 'message'])
    // to somebody who listens, it is a text like any other
    const sent = await runAtPipe(chat, ['/open sotto:bob', 'sotto:carol'], { drainTimeoutMs: 1 })
    expect(
      sent.lines.some((line) => line.includes('sotto:carol') && line[0] === 'message'),
    ).to.equal(true)
    seat = new Seat(chat, { open: 'sotto:bob' })
    await seat.settle()
    expect(shown()).to.contain('── bob')
  })

  it('gives programs the link and every step in fields', async () => {
    const bob = chat.meet(fakePerson('bob', 'b0b0'))
    chat.setConversation(bob, { contact: WAITING })
    const { lines } = await runAtPipe(chat, ['/link', '/contact bob'])
    expect(lines).to.deep.include(['contact-link', 'sotto:ae', String(chat.self.multiaddrs.length)])
    expect(lines).to.deep.include([
      'contact',
      bob.fingerprint,
      'bob',
      'waiting',
      '1',
      new Date(NOON + 2000).toISOString(),
    ])
    expect(lines).to.deep.include(['contact-step', bob.fingerprint, 'lan', 'failed', 'no-answer'])
  })

  it('says what was tried when nobody was found', async () => {
    seat = new Seat(chat, { columns: 80 })
    const steps = [{ way: 'directory', state: 'failed', reason: 'nobody-to-ask' }] as const
    chat.safeDispatchEvent('lookup:change', {
      detail: { query: 'carol', kind: 'name', state: 'not-found', steps },
    })
    await seat.settle()
    expect(shown()).to.contain('asking the network').and.contain('we are in no network yet')
  })

  it('says what was tried when the network did not say whether there is anybody', async () => {
    seat = new Seat(chat, { columns: 80 })
    const steps = [{ way: 'directory', state: 'failed', reason: 'no-answer' }] as const
    chat.safeDispatchEvent('lookup:change', {
      detail: { query: 'carol', kind: 'name', state: 'unanswered', steps },
    })
    await seat.settle()
    expect(shown()).to.contain('asking the network').and.contain('nobody answered')
  })
})
