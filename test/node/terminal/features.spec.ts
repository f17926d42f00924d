import { expect } from 'chai'
import { durationText, parseDuration } from '../../../src/node/terminal/duration.ts'
import { FakeChat, fakePerson } from './fixtures/fake-chat.ts'
import { runAtPipe, Seat } from './fixtures/run.ts'

const bob = fakePerson('bob', 'b0bb0bb0')
const eve = fakePerson('eve', 'e5ee5ee5', { known: false })

describe('the terminal, about messages that are there', () => {
  let chat: FakeChat
  let seat: Seat | undefined

  beforeEach(() => {
    chat = new FakeChat()
    chat.delivers = true
    chat.meet(bob)
  })
  afterEach(async () => {
    await seat?.leave()
    seat = undefined
  })

  const fields = (lines: readonly (readonly string[])[], kind: string) =>
    lines.filter(([first]) => first === kind).map((line) => line.slice(1))
  const calls = (kind: string) => chat.calls.filter((call) => call.startsWith(kind))

  it('answers, edits, reacts and deletes, by place and by the start of an id', async () => {
    const theirs = chat.receive(bob, 'shall we?')
    const { code, lines } = await runAtPipe(chat, [
      '/open bob',
      '/reply yes, at sevn',
      '/edit yes, at seven',
      '/react 👍',
      `/react ^${theirs.id.slice(-40)} none`,
      '/delete both',
    ])
    expect(code).to.equal(0)
    const [sent] = fields(lines, 'message')
    expect(fields(lines, 'reply')).to.deep.equal([[sent?.[0], theirs.id]])
    expect(fields(lines, 'edited')[0]?.[2]).to.equal('yes, at seven')
    expect(fields(lines, 'deleted')).to.deep.equal([[sent?.[0]]])
    expect(calls('react')).to.deep.equal([`react ${theirs.id} 👍`, `react ${theirs.id} undefined`])
    expect(calls('delete')).to.deep.equal([`delete ${String(sent?.[0])} true`])
  })

  it('counts back from the last of both sides, and says so where there is none', async () => {
    const first = chat.receive(bob, 'one')
    chat.receive(bob, 'two')
    const { lines } = await runAtPipe(chat, [
      '/open bob',
      '/react ^2 🎉',
      '/edit nothing',
      '/edit ^9 x',
    ])
    expect(calls('react')).to.deep.equal([`react ${first.id} 🎉`])
    expect(fields(lines, 'error').map(([, text]) => text)).to.deep.equal([
      'there is no message yet',
      'there is no message ^9',
    ])
  })

  it('shows an edit, a reaction, an answer and a deletion in the place of the message', async () => {
    seat = new Seat(chat, { columns: 100 })
    const message = chat.receive(bob, 'at sevn')
    await seat.type('/open bob\r')
    chat.move(message.id, { text: 'at seven', editedAt: 1 })
    chat.move(message.id, {
      text: 'at seven',
      editedAt: 1,
      reactions: [{ author: 'x', emoji: '👍' }],
    })
    await seat.type('/reply fine\r')
    const lines = seat.screen.lines
    expect(
      lines.some((line) => line.includes('↳ bob: at seven') && line.includes('fine')),
    ).to.equal(true)
    chat.move(message.id, { text: '', deleted: true, reactions: [] })
    await seat.settle()
    expect(seat.screen.text).to.include('deleted')
  })

  it('shows who is typing where they are talked to, and tells that we are', async () => {
    seat = new Seat(chat)
    chat.setConversation(bob, {})
    await seat.type('/open bob\r')
    chat.setConversation(bob, { typing: true })
    await seat.settle()
    expect(seat.screen.text).to.include('bob (typing)>')
    await seat.type('hi')
    expect(chat.typed.at(-1)).to.equal(true)
    await seat.type('\x7f\x7f')
    chat.typed.length = 0
    await seat.type('/who')
    expect(chat.typed).to.not.include(true)
  })

  it('changes how a conversation is treated, and shows it', async () => {
    chat.setConversation(bob, {})
    const { lines } = await runAtPipe(chat, [
      '/open bob',
      '/receipts off',
      '/typing off',
      '/mute',
      '/disappear 1h',
      '/disappear soon',
      '/receipts maybe',
    ])
    expect(calls('settings')).to.deep.equal([
      'settings {"readReceipts":false}',
      'settings {"typing":false}',
      'settings {"muted":true}',
      'settings {"disappearing":3600}',
    ])
    expect(fields(lines, 'setting').at(-4)).to.deep.equal([bob.fingerprint, 'disappearing', '3600'])
    expect(fields(lines, 'error').map(([name]) => name)).to.deep.equal(['UsageError', 'UsageError'])
  })

  it('covers and compresses, and says what cover costs', async () => {
    const choices = [
      { framesPerSecond: 2, bytesPerHour: 7_603_200 },
      { framesPerSecond: 4, bytesPerHour: 15_206_400 },
    ]
    chat.setConversation(bob, { cover: { isActive: false, bytesPerHour: 0, choices } })
    const { lines } = await runAtPipe(chat, [
      '/open bob',
      '/compress on',
      '/cover 4',
      '/cover 3',
      '/cover on',
    ])
    expect(calls('settings')).to.deep.equal([
      'settings {"compression":true}',
      'settings {"cover":4}',
    ])
    expect(fields(lines, 'cover').slice(0, 2)).to.deep.equal([
      [bob.fingerprint, '2', '7603200'],
      [bob.fingerprint, '4', '15206400'],
    ])
    expect(fields(lines, 'error')).to.have.length(2)
    seat = new Seat(chat, { columns: 100 })
    await seat.type('/open bob\r')
    await seat.type('/cover\r')
    expect(seat.screen.text).to.match(/cover +4 frames a second, 14.5 MiB an hour each way/u)
  })

  it('has receipts and typing for everybody as well', async () => {
    const { lines } = await runAtPipe(chat, ['/receipts off all', '/typing all', '/typing'])
    expect(calls('updatePreferences')).to.deep.equal(['updatePreferences {"readReceipts":false}'])
    expect(fields(lines, 'preference').at(0)).to.deep.equal(['readReceipts', 'false'])
    expect(fields(lines, 'preference')).to.have.length(4)
    expect(fields(lines, 'error')[0]?.[1]).to.include('no conversation is open')
  })

  it('says how many messages are missing, and when none is any more', async () => {
    seat = new Seat(chat, { columns: 100 })
    await seat.type('/open bob\r')
    chat.setConversation(bob, { missing: 2 })
    chat.setConversation(bob, { missing: 1 })
    await seat.settle()
    expect(seat.screen.text).to.include('2 messages of theirs are missing, and asked for again')
    expect(seat.screen.text).to.not.include('1 message ')
    chat.setConversation(bob, { missing: 0 })
    await seat.settle()
    expect(seat.screen.text).to.include('nothing is missing any more')
    chat.setConversation(bob, { missing: 1 })
    await seat.type('/conversations\r')
    expect(seat.screen.text).to.match(/bob .* 1 missing/u)
  })

  it('says that the disk is full, and when it is not any more', async () => {
    seat = new Seat(chat, { columns: 120 })
    await seat.settle()
    chat.fill('full')
    await seat.settle()
    expect(seat.screen.text).to.include('the disk is full: nothing is lost')
    chat.fill('ok')
    await seat.settle()
    expect(seat.screen.text).to.include('messages can be kept again')
  })

  it('tells in how many mailboxes a message waits, each number once, and why one has failed', async () => {
    seat = new Seat(chat, { columns: 100 })
    await seat.type('/open bob\r')
    await seat.type('hello\r')
    const [{ id } = { id: '' }] = await chat.messages(bob.fingerprint)
    for (const storedAt of [1, 3]) {
      chat.move(id, { state: 'stored', storedAt })
      await seat.settle()
      const mailboxes = storedAt === 1 ? '1 mailbox' : '3 mailboxes'
      expect(seat.screen.text).to.match(new RegExp(`stored in ${mailboxes}$`, 'mu'))
    }
    chat.move(id, { state: 'failed', reason: 'expired' })
    await seat.settle()
    expect(seat.screen.text).to.include('failed: it waited too long and was given up (/retry)')
  })

  it('keeps what stood in the line when the user left, and goes on with it', async () => {
    chat.setConversation(bob, {})
    seat = new Seat(chat)
    await seat.type('/open bob\r')
    await seat.type('and the code is')
    await seat.leave()
    expect(calls('draft')).to.deep.equal(['draft and the code is'])
    chat.setConversation(bob, { draft: 'and the code is' })
    seat = new Seat(chat)
    await seat.type('/open bob\r')
    expect(seat.screen.lines.at(-1)).to.equal('bob> and the code is')
    await seat.type(' 7\r')
    expect(calls('send')).to.deep.equal(['send and the code is 7'])
    await seat.leave()
    expect(calls('draft').at(-1)).to.equal('draft ')
  })

  it('keeps quiet about what a muted person writes', async () => {
    chat.setConversation(bob, {})
    await chat.updateSettings(bob.fingerprint, { muted: true })
    seat = new Seat(chat)
    await seat.settle()
    chat.receive(bob, 'psst')
    await seat.settle()
    expect(seat.screen.text).to.not.include('psst')
    expect(seat.screen.text).to.not.include('(1 new)')
  })

  it('announces who asks once, without their words, and shows these on demand', async () => {
    seat = new Seat(chat, { columns: 100 })
    await seat.settle()
    chat.ask(eve, 'buy my pills')
    chat.ask(eve, 'really')
    await seat.settle()
    expect(seat.screen.text.match(/would like to write/gu)).to.have.length(1)
    expect(seat.screen.text).to.include('who calls themselves eve')
    expect(seat.screen.text).to.not.include('pills')
    await seat.type('/requests\r')
    expect(seat.screen.text).to.include('buy my pills')
    await seat.type('/accept eve\r')
    expect(calls('accept')).to.deep.equal([`accept ${eve.fingerprint}`])
    expect(seat.screen.text).to.include('eve>')
  })

  it('declines, blocks and lists whom it blocked', async () => {
    chat.ask(eve, 'hello')
    const { lines } = await runAtPipe(chat, [
      '/requests',
      '/decline',
      '/decline',
      '/open bob',
      '/block',
      '/unblock',
      '/unblock bob',
    ])
    expect(fields(lines, 'request')).to.deep.equal([[eve.fingerprint, 'eve', '1']])
    expect(fields(lines, 'request-message')[0]?.[3]).to.equal('hello')
    expect(fields(lines, 'request-gone')).to.deep.equal([[eve.fingerprint]])
    expect(fields(lines, 'error')).to.deep.equal([['UsageError', 'nobody asks']])
    expect(calls('block')).to.deep.equal([`block ${bob.fingerprint}`])
    expect(fields(lines, 'person').map(([fingerprint]) => fingerprint)).to.deep.equal([
      bob.fingerprint,
    ])
    expect(calls('unblock')).to.deep.equal([`unblock ${bob.fingerprint}`])
  })

  it('reads and writes times', () => {
    expect(['30s', '5m', '1h', '7d', '4w', 'off'].map(parseDuration)).to.deep.equal([
      30, 300, 3600, 604_800, 2_419_200, 0,
    ])
    expect([1, 90, 300, 3600, 604_800].map(durationText)).to.deep.equal([
      '1 second',
      '90 seconds',
      '5 minutes',
      '1 hour',
      '1 week',
    ])
  })
})
