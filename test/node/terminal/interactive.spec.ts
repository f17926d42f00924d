import { expect } from 'chai'
import { FakeChat, fakePerson } from './fixtures/fake-chat.ts'
import { Seat } from './fixtures/run.ts'

const bob = fakePerson('bob', 'b0bb0bb0')
/** Of the first message of a fake chat. */
const FIRST_ID = '1'.padStart(32, '0')
const LEFT = '\x1b[D'

describe('the terminal for a person', () => {
  const term = process.env.TERM
  let chat: FakeChat
  let seat: Seat

  beforeEach(() => {
    process.env.TERM = 'xterm'
    chat = new FakeChat()
    chat.directory.set('bob', [bob])
  })

  afterEach(async () => {
    await seat.leave()
    if (term === undefined) delete process.env.TERM
    else process.env.TERM = term
  })

  async function talking(columns = 60): Promise<void> {
    chat.meet(bob)
    seat = new Seat(chat, { columns })
    await seat.type('/open b0bb0bb0\r')
  }

  it('shows messages above the line being typed and leaves the line and its cursor alone', async () => {
    await talking(40)
    const typed = 'a line that is quite a bit longer than the screen is wide'
    await seat.type(typed)
    for (let moves = 0; moves < 10; moves++) await seat.paste(LEFT)
    const before = seat.screen.cursor
    chat.receive(bob, 'one\ntwo')
    await seat.settle()
    const lines = seat.screen.lines
    expect(lines.slice(-2).join('')).to.equal(`bob> ${typed}`)
    expect(lines.slice(-4, -2).map((line) => line.trim())).to.deep.equal([
      '2021-03-14 12:03 bob: one',
      '│ two',
    ])
    expect(seat.screen.cursor).to.deep.equal({ row: before.row + 2, column: before.column })
    await seat.type('X\r')
    expect(chat.calls).to.include(`send ${typed.slice(0, -10)}X${typed.slice(-10)}`)
  })

  it('keeps its place when a pasted line ran over the edge', async () => {
    await talking(40)
    await seat.paste('p'.repeat(60))
    chat.receive(bob, 'hello')
    await seat.settle()
    expect(seat.screen.lines.slice(-3)).to.deep.equal([
      '2021-03-14 12:03 bob: hello',
      `bob> ${'p'.repeat(35)}`,
      'p'.repeat(25),
    ])
  })

  it('turns the typed line into a message and moves its mark on in place', async () => {
    await talking()
    await seat.type('hello\r')
    expect(seat.screen.text).to.contain('you: hello  … queued').and.not.contain('bob> hello')
    chat.receive(bob, 'in between')
    chat.move(FIRST_ID, { state: 'queued', reason: 'peer-offline' })
    expect(seat.screen.text).to.contain('queued: they are offline')
    chat.move(FIRST_ID, { state: 'delivered' })
    await seat.settle()
    expect(seat.screen.text.match(/hello/gu)).to.have.length(1)
    expect(seat.screen.text).to.contain('you: hello  ✓ delivered')
    expect(seat.screen.lines.at(-1)).to.equal('bob>')
  })

  it('tells in a line of its own what became of a message that is out of reach', async () => {
    await talking()
    await seat.type('hello\r')
    for (let count = 0; count < 30; count++) chat.receive(bob, 'noise')
    chat.move(FIRST_ID, { state: 'delivered' })
    await seat.settle()
    expect(seat.screen.text).to.contain('✓ delivered  bob: hello')
  })

  it('marks what is unread elsewhere, in the prompt and as a quotation', async () => {
    seat = new Seat(chat)
    chat.receive(bob, 'psst')
    await seat.settle()
    expect(seat.screen.text).to.contain('● bob: psst')
    expect(seat.screen.lines.at(-1)).to.equal('(1 new) sotto>')
    await seat.type('/open b0bb0bb0\r')
    expect(seat.screen.text).to.contain('── 1 new ──')
    expect(seat.screen.lines.at(-1)).to.equal('bob>')
    expect(chat.calls).to.include('markRead')
  })

  it('announces a room that is not open once, and counts the rest', async () => {
    seat = new Seat(chat)
    chat.receiveInRoom('lobby', bob, 'one')
    chat.receiveInRoom('lobby', bob, 'two')
    await seat.settle()
    expect(seat.screen.text.match(/#lobby: bob wrote/gu)).to.have.length(1)
    expect(seat.screen.lines.at(-1)).to.equal('(2 new) sotto>')
    await seat.type('/lobby\r')
    expect(seat.screen.text).to.contain('bob: two')
    expect(seat.screen.lines.at(-1)).to.equal('#lobby>')
  })

  it('cries out when an identity changed, and keeps saying so', async () => {
    await talking()
    chat.setConversation(bob, { alarm: { kind: 'identity-changed', fingerprint: 'f'.repeat(64) } })
    await seat.settle()
    expect(seat.screen.raw).to.contain('\x07')
    expect(seat.screen.text).to.contain('IDENTITY CHANGED: SOMEBODY ELSE ANSWERS WHERE BOB WAS')
    expect(seat.screen.lines.at(-1)).to.equal('!! bob>')
  })

  it('lets no escape sequence, line break or override of others through', async () => {
    const mallory = fakePerson('mal\x1b]0;x\x07\nlory\u202e', 'bad0bad0')
    chat.meet(mallory)
    seat = new Seat(chat)
    await seat.type('/open bad0bad0\r')
    chat.receive(mallory, '\x1b[2J\x9b2J\n12:04 you: I agree\r12:05 bob: so do I')
    chat.receiveInRoom('lobby\x1b[2J', mallory, '\x1b[2J')
    chat.refuse('\x1b[2JError')
    chat.setConversation(mallory, {
      link: { state: 'secure', path: 'direct', since: 1, multiaddr: '/\x1b[2J' },
    })
    await seat.type('/who\r')
    await seat.type('/conversations\r')
    await seat.type('/rooms\r')
    await seat.type('/status\r')
    await seat.type('/open b\t\t')
    expect(seat.screen.raw).to.contain('␛[2J')
    expect(seat.screen.raw).not.to.match(/\p{Cc}\[2J|\p{Cc}\]|[\u0080-\u009f\u202e]/u)
    expect(seat.screen.lines.some((line) => /^12:0[45]/u.test(line))).to.equal(false)
  })

  it('writes colours only when it may', async () => {
    chat.meet(bob)
    seat = new Seat(chat, { colour: true })
    await seat.type('/who\r')
    expect(seat.screen.raw).to.match(/\p{Cc}\[32m● /u)
    await seat.leave()
    seat = new Seat(chat)
    await seat.type('/who\r')
    expect(seat.screen.raw).not.to.match(/\p{Cc}\[[\d;]+m/u)
  })

  it('completes commands, names and rooms', async () => {
    chat.meet(bob)
    chat.setRoom({ name: 'garden', joined: false, members: [], unread: 0 })
    seat = new Seat(chat)
    await seat.type('/op\tbo\t\r')
    expect(chat.calls).to.include('lookup bob')
    await seat.type('/jo\tga\t\r')
    expect(chat.calls).to.include('joinRoom garden')
  })

  it('clears the line at Ctrl-C, and leaves at the next', async () => {
    seat = new Seat(chat)
    await seat.type('half a thought\x03')
    expect(seat.screen.lines.at(-1)).to.equal('sotto>')
    await seat.type('\x03')
    expect(await seat.done).to.equal(0)
    expect(seat.screen.lines.at(-1)).to.equal('left')
  })

  it('stops waiting at Ctrl-C instead of leaving', async () => {
    chat.lookupHangs = true
    seat = new Seat(chat)
    await seat.type('/open somebody\r')
    expect(seat.screen.text).to.contain('looking for somebody …')
    await seat.type('\x03')
    expect(seat.screen.lines.slice(-2)).to.deep.equal(['stopped', 'sotto>'])
  })

  it('leaves at Ctrl-D and says what stays queued', async () => {
    await talking()
    await seat.type('hello\r')
    await seat.type('\x04')
    expect(await seat.done).to.equal(0)
    expect(seat.screen.lines.at(-1)).to.equal(
      'left; 1 unsent, kept and sent the next time you are here',
    )
    expect(chat.listenerCount('message')).to.equal(0)
  })

  it('sends what was typed while a conversation was still being looked for', async () => {
    seat = new Seat(chat)
    await seat.type('/open bob\rhello\r')
    expect(chat.calls.filter((call) => !call.startsWith('mark'))).to.deep.equal([
      'lookup bob',
      `open ${bob.fingerprint}`,
      'send hello',
    ])
  })

  it('brings earlier lines back with arrow-up', async () => {
    await talking()
    await seat.type('hello\r')
    await seat.paste('\x1b[A')
    await seat.type('!\r')
    expect(chat.calls).to.include('send hello!')
  })

  it('appends instead of drawing again on a dumb terminal', async () => {
    process.env.TERM = 'dumb'
    await talking()
    await seat.type('hello\r')
    chat.move(FIRST_ID, { state: 'delivered' })
    await seat.settle()
    expect(seat.screen.raw).not.to.contain('\x1b[')
    expect(seat.screen.text).to.contain('✓ delivered  bob: hello')
  })
})
